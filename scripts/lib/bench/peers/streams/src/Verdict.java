/** What a shock does to a household: the arithmetic of services/risk-alerts/src/loss (loss-model, severity rule). */
final class Verdict {
  private static final int BELOW_LINE = 1;
  private static final int NEAR_LINE = 2;
  private static final int HEAVY_LOSS = 4;
  private static final int INCOME_UNKNOWN = 256;
  private static final int RED = 4;

  long lossLowFen;
  long lossFen;
  long lossHighFen;
  /** Not to be read where the household's income is not known. */
  long projectedFen;
  int severity;
  int reasons;
  /** The livelihoods that are touched, flat. */
  final LongList touched = new LongList(12);

  private Verdict() {}

  /** The verdict of an alert, or null where none is raised. */
  static Verdict alertOf(Household household, ShockSheet shock) {
    if (!household.active) return null;
    ShockSheet.Place place = shock.place(household.dutyCode / 1_000_000);
    if (place == null) return null;
    Verdict verdict = new Verdict();
    if (!verdict.loses(household, shock, place)) return null;
    return verdict.judged(household, shock, place.lineFen()) ? verdict : null;
  }

  private boolean loses(Household household, ShockSheet shock, ShockSheet.Place place) {
    double low = 0;
    double middle = 0;
    double high = 0;
    LongList lines = household.livelihoods;
    for (int i = 0; i < lines.size(); i += 3) {
      ShockSheet.UnitLoss unit = place.units().get((int) lines.get(i));
      if (unit == null || !shock.covers(lines.get(i + 2))) continue;
      long quantity = lines.get(i + 1);
      low += unit.low() * quantity;
      middle += unit.middle() * quantity;
      high += unit.high() * quantity;
      for (int part = 0; part < 3; part++) touched.add(lines.get(i + part));
    }
    lossLowFen = Math.round(low);
    lossFen = Math.round(middle);
    lossHighFen = Math.round(high);
    return lossHighFen > 0;
  }

  private boolean judged(Household household, ShockSheet shock, long lineFen) {
    double lossPerHead = (double) lossFen / household.persons;
    reasons = household.facts;
    if (lossPerHead < shock.materialLossShareOfLine * lineFen) return false;
    if (household.incomeKnown) byIncome(household, shock, lineFen, lossPerHead);
    else {
      severity = shock.incomeUnknown;
      reasons |= INCOME_UNKNOWN;
    }
    if (severity == 0) return false;
    severity = Math.min(RED, severity + lift(household.facts, shock));
    return severity >= shock.alertFrom;
  }

  private void byIncome(Household household, ShockSheet shock, long lineFen, double lossPerHead) {
    long known = household.perCapitaFen;
    projectedFen = Math.round(known - lossPerHead);
    double ratio = (double) projectedFen / lineFen;
    int byIncome = 0;
    for (int i = 0; byIncome == 0 && i < 4; i++) if (ratio < shock.incomeRatioBelow[i]) byIncome = RED - i;
    double lossShare = known > 0 ? lossPerHead / known : 1;
    int byLoss = 0;
    if (ratio < shock.lossShareCountsBelowRatio)
      for (int i = 0; byLoss == 0 && i < 4; i++) if (lossShare >= shock.lossShareFrom[i]) byLoss = RED - i;
    double lowest = known - (double) lossHighFen / household.persons;
    int byLowest = lowest < lineFen && projectedFen >= lineFen ? shock.lowProjectionUnderLine : 0;
    severity = Math.max(byIncome, Math.max(byLoss, byLowest));
    if (projectedFen < lineFen) reasons |= BELOW_LINE;
    else if (byIncome > 0 || byLowest > 0) reasons |= NEAR_LINE;
    if (byLoss > 0) reasons |= HEAVY_LOSS;
  }

  private static int lift(int facts, ShockSheet shock) {
    int[] sum = {0};
    shock.lifts.forEach((bit, levels) -> sum[0] += (facts & bit) != 0 ? levels : 0);
    return Math.min(sum[0], shock.maxLift);
  }
}
