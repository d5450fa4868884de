/**
 * Alerts of one township, column by column: fangpin.alerts.v1.AlertBatch, with what the alerts' own rows need besides in
 * fields of its own (from 40 on), since one sink writes alerts and cases here.
 */
final class AlertBatch {
  static final long UNKNOWN_INCOME = -(1L << 50);
  private static final int CAPACITY = 512;

  String run = "";
  String shockId = "";
  String township = "";
  long origin;
  long revision;
  long caseRevision;
  long dueMs;
  LongList households = new LongList(CAPACITY);
  LongList duties = new LongList(CAPACITY);
  LongList persons = new LongList(CAPACITY);
  LongList severities = new LongList(CAPACITY);
  LongList losses = new LongList(CAPACITY);
  LongList projected = new LongList(CAPACITY);
  LongList reasons = new LongList(CAPACITY);
  LongList lossesLow = new LongList(CAPACITY);
  LongList lossesHigh = new LongList(CAPACITY);
  LongList perCapita = new LongList(CAPACITY);
  LongList inputCounts = new LongList(CAPACITY);
  LongList inputs = new LongList(CAPACITY * 6);

  int size() {
    return households.size();
  }

  void add(Household household, Verdict verdict) {
    households.add(household.id);
    duties.add(household.dutyCode);
    persons.add(household.persons);
    severities.add(verdict.severity);
    losses.add(verdict.lossFen);
    projected.add(household.incomeKnown ? verdict.projectedFen : UNKNOWN_INCOME);
    reasons.add(verdict.reasons);
    lossesLow.add(verdict.lossLowFen);
    lossesHigh.add(verdict.lossHighFen);
    perCapita.add(household.incomeKnown ? household.perCapitaFen : UNKNOWN_INCOME);
    inputCounts.add(verdict.touched.size());
    for (int i = 0; i < verdict.touched.size(); i++) inputs.add(verdict.touched.get(i));
  }

  byte[] encoded(ShockSheet shock, long township) {
    ShockSheet.Place place = shock.place(township);
    return new ProtobufWriter()
        .text(1, shock.shockId)
        .number(2, shock.origin)
        .text(3, shock.cause)
        .text(4, shock.kind)
        .number(5, shock.revision)
        .number(6, 1)
        .text(7, shock.policyVersion)
        .text(8, shock.judgedOn)
        .number(9, System.currentTimeMillis())
        .text(10, String.valueOf(township))
        .number(11, place.lineFen())
        .packed(12, households)
        .packed(13, duties)
        .packed(14, persons)
        .packed(15, severities)
        .packed(16, losses)
        .packed(17, projected)
        .packed(18, reasons)
        .text(40, shock.run)
        .number(41, place.dueMs())
        .number(42, shock.caseRevision)
        .packed(43, lossesLow)
        .packed(44, lossesHigh)
        .packed(45, perCapita)
        .packed(46, inputCounts)
        .packed(47, inputs)
        .done();
  }

  static AlertBatch decoded(byte[] message) {
    ProtobufReader in = new ProtobufReader(message);
    AlertBatch batch = new AlertBatch();
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> batch.shockId = in.text();
        case 2 -> batch.origin = in.varint();
        case 5 -> batch.revision = in.varint();
        case 10 -> batch.township = in.text();
        case 12 -> batch.households = in.packed();
        case 13 -> batch.duties = in.packed();
        case 14 -> batch.persons = in.packed();
        case 15 -> batch.severities = in.packed();
        case 16 -> batch.losses = in.packed();
        case 17 -> batch.projected = in.packed();
        case 18 -> batch.reasons = in.packed();
        case 40 -> batch.run = in.text();
        case 41 -> batch.dueMs = in.varint();
        case 42 -> batch.caseRevision = in.varint();
        case 43 -> batch.lossesLow = in.packed();
        case 44 -> batch.lossesHigh = in.packed();
        case 45 -> batch.perCapita = in.packed();
        case 46 -> batch.inputCounts = in.packed();
        case 47 -> batch.inputs = in.packed();
        default -> in.skip();
      }
    }
    return batch;
  }

  /** What became of these alerts: a fangpin.cases.v1.CaseEvent in which each of them opened a case. */
  byte[] answer() {
    LongList outcomes = new LongList(size());
    LongList origins = new LongList(size());
    for (int i = 0; i < size(); i++) {
      outcomes.add(1);
      origins.add(origin);
    }
    byte[] triage =
        new ProtobufWriter()
            .text(1, shockId)
            .number(2, origin)
            .number(3, revision)
            .text(4, township)
            .packed(5, households)
            .packed(6, outcomes)
            .packed(7, origins)
            .done();
    return new ProtobufWriter().raw(1, triage).done();
  }
}
