import java.nio.ByteBuffer;

/** A row of the exposure: what registry and income last said of a household. Amounts in fen. */
final class Household {
  private static final int HEAD_BYTES = 8 + 8 + 8 + 8 + 4 + 4 + 1 + 2;
  private static final int LIVELIHOOD_BYTES = 4 + 4 + 8;
  private static final long STATE_ACTIVE = 1;
  private static final long MONITORED = 2;
  private static final long REMOVED = 3;
  private static final long GRADE_C = 3;

  final long id;
  long dutyCode;
  long profileRevision;
  long incomeRevision;
  long perCapitaFen;
  boolean incomeKnown;
  boolean active;
  int persons = 1;
  /** Bits of libs/contracts reasons.ts that are facts of the household. */
  int facts;
  /** Flat: product, quantity, place, … */
  LongList livelihoods = new LongList(0);

  Household(long id) {
    this.id = id;
  }

  /** A HouseholdProfile (registry/v1); its income is not known yet. */
  static Household ofProfile(byte[] message) {
    ProtobufReader in = new ProtobufReader(message);
    long revision = 0;
    long duty = 0;
    long state = 0;
    long labourers = 0;
    long disabled = 0;
    long dwelling = 0;
    long onlyDwelling = 0;
    long monitoring = 0;
    int persons = 0;
    long id = 0;
    LongList livelihoods = new LongList(12);
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> id = in.varint();
        case 2 -> revision = in.varint();
        case 3 -> duty = in.varint();
        case 4 -> state = in.varint();
        case 6 -> persons = (int) in.varint();
        case 7 -> labourers = in.varint();
        case 8 -> disabled = in.varint();
        case 11 -> dwelling = in.varint();
        case 12 -> onlyDwelling = in.varint();
        case 14 -> readLivelihood(in.inner(), livelihoods);
        case 15 -> monitoring = in.varint();
        default -> in.skip();
      }
    }
    Household household = new Household(id);
    household.profileRevision = revision;
    household.dutyCode = duty;
    household.active = state == STATE_ACTIVE && persons > 0;
    household.persons = persons;
    household.livelihoods = livelihoods;
    int bits = 0;
    if (labourers == 0) bits |= 8;
    if (disabled > 0) bits |= 16;
    if (monitoring == MONITORED) bits |= 32;
    if (monitoring == REMOVED) bits |= 64;
    if (onlyDwelling != 0 && dwelling >= GRADE_C) bits |= 128;
    household.facts = bits;
    return household;
  }

  private static void readLivelihood(ProtobufReader in, LongList into) {
    long kind = 0;
    long product = 0;
    long place = 0;
    long quantity = 0;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> kind = in.varint();
        case 2 -> product = in.varint();
        case 3 -> place = in.varint();
        case 4 -> quantity = in.varint();
        default -> in.skip();
      }
    }
    if (kind == 0 || quantity == 0) return;
    into.add(product);
    into.add(quantity);
    into.add(place);
  }

  /** An IncomeAssessment (income/v1) of a household that may not be known otherwise yet. */
  static Household ofAssessment(byte[] message) {
    ProtobufReader in = new ProtobufReader(message);
    long id = 0;
    long revision = 0;
    long duty = 0;
    long persons = 0;
    long perCapita = 0;
    boolean closed = false;
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> id = in.varint();
        case 2 -> revision = in.varint();
        case 3 -> duty = in.varint();
        case 6 -> persons = in.varint();
        case 12 -> perCapita = in.varint();
        case 13 -> closed = in.varint() != 0;
        default -> in.skip();
      }
    }
    Household household = new Household(id);
    household.dutyCode = duty;
    household.incomeRevision = revision;
    household.incomeKnown = !closed;
    household.perCapitaFen = closed ? 0 : perCapita;
    household.persons = (int) Math.max(1, persons);
    return household;
  }

  void takeIncomeOf(Household other) {
    incomeRevision = other.incomeRevision;
    incomeKnown = other.incomeKnown;
    perCapitaFen = other.perCapitaFen;
  }

  byte[] encoded() {
    int lines = livelihoods.size() / 3;
    ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + lines * LIVELIHOOD_BYTES);
    out.putLong(dutyCode).putLong(profileRevision).putLong(incomeRevision).putLong(perCapitaFen);
    out.putInt(persons).putInt(facts).put((byte) ((active ? 1 : 0) | (incomeKnown ? 2 : 0))).putShort((short) lines);
    for (int i = 0; i < lines * 3; i += 3)
      out.putInt((int) livelihoods.get(i)).putInt((int) livelihoods.get(i + 1)).putLong(livelihoods.get(i + 2));
    return out.array();
  }

  static Household decoded(long id, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    Household household = new Household(id);
    household.dutyCode = in.getLong();
    household.profileRevision = in.getLong();
    household.incomeRevision = in.getLong();
    household.perCapitaFen = in.getLong();
    household.persons = in.getInt();
    household.facts = in.getInt();
    int flags = in.get();
    household.active = (flags & 1) != 0;
    household.incomeKnown = (flags & 2) != 0;
    int lines = in.getShort();
    household.livelihoods = new LongList(lines * 3);
    for (int i = 0; i < lines; i++) {
      household.livelihoods.add(in.getInt());
      household.livelihoods.add(in.getInt());
      household.livelihoods.add(in.getLong());
    }
    return household;
  }
}
