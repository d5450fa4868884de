import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The table of exposed households in RocksDB, in order of place, kept from the household and assessment topics; a shock is
 * judged against each household of it, and its alerts go on in batches of a township.
 */
final class ExposureTable implements Processor<byte[], byte[], byte[], byte[]> {
  static final String EXPOSURE = "exposure";
  static final String PLACES = "places";
  private static final int HOUSEHOLDS_PER_MESSAGE = 500;
  private static final long TOWNSHIP_SPAN = 1_000_000;

  private final Settings settings;
  private ProcessorContext<byte[], byte[]> context;
  /** Place and id to household. */
  private KeyValueStore<Bytes, byte[]> exposure;
  /** Id to the place under which the household stands in the exposure. */
  private KeyValueStore<Bytes, byte[]> places;

  ExposureTable(Settings settings) {
    this.settings = settings;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    exposure = context.getStateStore(EXPOSURE);
    places = context.getStateStore(PLACES);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    String topic = context.recordMetadata().orElseThrow().topic();
    if (record.value() == null) return;
    if (topic.equals(settings.householdTopic())) takeProfile(Household.ofProfile(record.value()));
    else if (topic.equals(settings.assessmentTopic())) takeAssessment(Household.ofAssessment(record.value()));
    else judgeAll(new ShockSheet(new String(record.value(), StandardCharsets.UTF_8)), record.timestamp());
  }

  private void takeProfile(Household profile) {
    Household known = find(profile.id);
    if (known != null) {
      if (known.profileRevision >= profile.profileRevision) return;
      profile.takeIncomeOf(known);
      if (known.dutyCode != profile.dutyCode) exposure.delete(keyOf(known.dutyCode, known.id));
    }
    put(profile);
  }

  private void takeAssessment(Household assessed) {
    Household known = find(assessed.id);
    if (known == null) {
      put(assessed);
      return;
    }
    if (known.incomeRevision >= assessed.incomeRevision) return;
    known.takeIncomeOf(assessed);
    exposure.put(keyOf(known.dutyCode, known.id), known.encoded());
  }

  private Household find(long id) {
    byte[] place = places.get(idKey(id));
    if (place == null) return null;
    byte[] value = exposure.get(keyOf(ByteBuffer.wrap(place).getLong(), id));
    return value == null ? null : Household.decoded(id, value);
  }

  private void put(Household household) {
    places.put(idKey(household.id), ByteBuffer.allocate(8).putLong(household.dutyCode).array());
    exposure.put(keyOf(household.dutyCode, household.id), household.encoded());
  }

  private void judgeAll(ShockSheet shock, long timestamp) {
    long township = -1;
    AlertBatch batch = new AlertBatch();
    try (KeyValueIterator<Bytes, byte[]> all = exposure.all()) {
      while (all.hasNext()) {
        var entry = all.next();
        long id = ByteBuffer.wrap(entry.key.get()).getLong(8);
        Household household = Household.decoded(id, entry.value);
        Verdict verdict = Verdict.alertOf(household, shock);
        if (verdict == null) continue;
        long at = household.dutyCode / TOWNSHIP_SPAN;
        if (at != township || batch.size() == HOUSEHOLDS_PER_MESSAGE) {
          send(shock, township, batch, timestamp);
          batch = new AlertBatch();
          township = at;
        }
        batch.add(household, verdict);
      }
    }
    send(shock, township, batch, timestamp);
  }

  private void send(ShockSheet shock, long township, AlertBatch batch, long timestamp) {
    if (batch.size() == 0) return;
    byte[] key = String.valueOf(township).getBytes(StandardCharsets.UTF_8);
    context.forward(new Record<>(key, batch.encoded(shock, township), timestamp));
  }

  private static Bytes keyOf(long dutyCode, long id) {
    return Bytes.wrap(ByteBuffer.allocate(16).putLong(dutyCode).putLong(id).array());
  }

  private static Bytes idKey(long id) {
    return Bytes.wrap(ByteBuffer.allocate(8).putLong(id).array());
  }
}
