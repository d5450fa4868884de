import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A shock with the policy that holds for it, compiled to figures by the same loss model that the services use
 * (shock-sheet.ts): loss per unit of each product by township, the line, the bands. Lines of words, parted by blanks.
 */
final class ShockSheet {
  /** Fen per unit of a product. */
  record UnitLoss(double low, double middle, double high) {}

  /** Policy of a township: its line in fen per head, when a first visit is due, and what is lost by product. */
  record Place(long lineFen, long dueMs, Map<Integer, UnitLoss> units) {}

  private record Range(long low, long high) {}

  static final String[] LEVELS = {"red", "orange", "yellow", "blue"};

  String run;
  String shockId;
  String kind;
  String cause;
  String policyVersion;
  String judgedOn;
  long origin;
  long revision;
  long caseRevision;
  final double[] incomeRatioBelow = new double[4];
  final double[] lossShareFrom = new double[4];
  double lossShareCountsBelowRatio;
  int lowProjectionUnderLine;
  int incomeUnknown;
  double materialLossShareOfLine;
  int maxLift;
  int alertFrom;
  final Map<Integer, Integer> lifts = new HashMap<>();
  private final List<Range> ranges = new ArrayList<>();
  private final Map<Long, Place> places = new HashMap<>();

  ShockSheet(String text) {
    for (String line : text.split("\n")) {
      String[] words = line.split(" ");
      switch (words[0]) {
        case "run" -> run = words[1];
        case "shock" -> readShock(words);
        case "range" -> ranges.add(new Range(Long.parseLong(words[1]), Long.parseLong(words[2])));
        case "bands" -> readBands(words);
        case "level" -> readLevel(words);
        case "lift" -> lifts.put(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        case "place" -> places.put(Long.parseLong(words[1]), placeOf(words));
        case "unit" -> readUnit(words);
        default -> throw new IllegalArgumentException("a line of the shock: " + line);
      }
    }
  }

  Place place(long township) {
    return places.get(township);
  }

  boolean covers(long place) {
    for (Range range : ranges) if (place >= range.low && place < range.high) return true;
    return false;
  }

  private void readShock(String[] words) {
    shockId = words[1];
    origin = Long.parseLong(words[2]);
    revision = Long.parseLong(words[3]);
    kind = words[4];
    cause = words[5];
    judgedOn = words[6];
    policyVersion = words[7];
    caseRevision = Long.parseLong(words[8]);
  }

  private void readBands(String[] words) {
    lossShareCountsBelowRatio = Double.parseDouble(words[1]);
    lowProjectionUnderLine = Integer.parseInt(words[2]);
    incomeUnknown = Integer.parseInt(words[3]);
    materialLossShareOfLine = Double.parseDouble(words[4]);
    maxLift = Integer.parseInt(words[5]);
    alertFrom = Integer.parseInt(words[6]);
  }

  private void readLevel(String[] words) {
    for (int i = 0; i < LEVELS.length; i++) {
      if (!LEVELS[i].equals(words[1])) continue;
      incomeRatioBelow[i] = Double.parseDouble(words[2]);
      lossShareFrom[i] = Double.parseDouble(words[3]);
    }
  }

  private static Place placeOf(String[] words) {
    return new Place(Long.parseLong(words[2]), Long.parseLong(words[3]), new HashMap<>());
  }

  private void readUnit(String[] words) {
    UnitLoss unit =
        new UnitLoss(Double.parseDouble(words[3]), Double.parseDouble(words[4]), Double.parseDouble(words[5]));
    places.get(Long.parseLong(words[1])).units.put(Integer.parseInt(words[2]), unit);
  }
}
