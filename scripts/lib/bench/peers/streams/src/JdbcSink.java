import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postgresql.PGConnection;

/**
 * One thread of the sink: reads alert batches, writes alerts and cases in JDBC batches, one transaction a batch, sends the
 * cases' events when it has committed, and then notes its offsets. Repeated messages write nothing twice.
 */
final class JdbcSink implements Runnable {
  private static final int OPENED = 1;
  private static final int CLUE = 1;
  private static final int RAISED = 1;
  private static final int REGIME_FROM_2026 = 2;

  private final Settings settings;
  private final KafkaProducer<byte[], byte[]> events;
  private final Runnable assigned;
  private volatile boolean running = true;

  JdbcSink(Settings settings, KafkaProducer<byte[], byte[]> events, Runnable assigned) {
    this.settings = settings;
    this.events = events;
    this.assigned = assigned;
  }

  void stop() {
    running = false;
  }

  @Override
  public void run() {
    try (Connection connection = DriverManager.getConnection(settings.jdbcUrl());
        KafkaConsumer<byte[], byte[]> consumer = consumer();
        PreparedStatement alerts = connection.prepareStatement(insertAlert());
        PreparedStatement cases = connection.prepareStatement(insertCase())) {
      connection.setAutoCommit(false);
      consumer.subscribe(List.of(settings.alertTopic()));
      boolean told = false;
      while (running) {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
        if (!told && !consumer.assignment().isEmpty()) {
          told = true;
          assigned.run();
        }
        if (records.isEmpty()) continue;
        store(records, connection, alerts, cases);
        // Offsets go last: what is not acknowledged yet would not be sent again.
        events.flush();
        consumer.commitAsync();
      }
    } catch (SQLException error) {
      throw new IllegalStateException(error);
    }
  }

  private void store(
      ConsumerRecords<byte[], byte[]> records, Connection connection, PreparedStatement alerts, PreparedStatement cases)
      throws SQLException {
    List<AlertBatch> open = new ArrayList<>();
    int rows = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      AlertBatch batch = AlertBatch.decoded(record.value());
      bind(batch, connection, alerts, cases);
      open.add(batch);
      rows += batch.size();
      if (rows < settings.rowsPerBatch()) continue;
      commit(open, rows, connection, alerts, cases);
      open = new ArrayList<>();
      rows = 0;
    }
    if (rows > 0) commit(open, rows, connection, alerts, cases);
  }

  private void commit(
      List<AlertBatch> batches, int rows, Connection connection, PreparedStatement alerts, PreparedStatement cases)
      throws SQLException {
    alerts.executeBatch();
    cases.executeBatch();
    connection.commit();
    String run = batches.get(0).run;
    report("stored", run, rows);
    AtomicInteger open = new AtomicInteger(batches.size());
    for (AlertBatch batch : batches)
      events.send(
          new ProducerRecord<>(settings.caseTopic(), batch.township.getBytes(), batch.answer()),
          (metadata, error) -> {
            if (error != null) throw new IllegalStateException(error);
            if (open.decrementAndGet() == 0) report("acknowledged", run, rows);
          });
  }

  /** A line for the benchmark: what, of which run, how many households, and when (milliseconds since the epoch). */
  private static void report(String what, String run, int rows) {
    double at = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) / 1_000.0;
    System.out.println(what + " " + run + " " + rows + " " + String.format(java.util.Locale.ROOT, "%.3f", at));
  }

  private String insertAlert() {
    return "INSERT INTO "
        + settings.schema()
        + ".alerts (origin, household_id, revision, duty_code, slice_no, loss_low_fen, loss_fen, loss_high_fen,"
        + " per_capita_fen, projected_fen, persons, state, severity, reasons, inputs)"
        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  }

  private String insertCase() {
    return "INSERT INTO "
        + settings.schema()
        + ".cases (case_origin, household_id, duty_code, revision, alert_revision, opened_at, due_at, persons, severity,"
        + " alert_severity, alert_outcome, state, regime, acted)"
        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  }

  private static void bind(AlertBatch batch, Connection connection, PreparedStatement alerts, PreparedStatement cases)
      throws SQLException {
    PGConnection arrays = connection.unwrap(PGConnection.class);
    Timestamp opened = new Timestamp(System.currentTimeMillis());
    Timestamp due = new Timestamp(batch.dueMs);
    int input = 0;
    for (int i = 0; i < batch.size(); i++) {
      int inputs = (int) batch.inputCounts.get(i);
      Array flat = arrays.createArrayOf("int8", batch.inputs.slice(input, input + inputs));
      input += inputs;
      bindAlert(batch, i, flat, alerts);
      bindCase(batch, i, opened, due, cases);
    }
  }

  private static void bindAlert(AlertBatch batch, int i, Array inputs, PreparedStatement alerts) throws SQLException {
    alerts.setLong(1, batch.origin);
    alerts.setLong(2, batch.households.get(i));
    alerts.setLong(3, batch.revision);
    alerts.setLong(4, batch.duties.get(i));
    alerts.setLong(5, 0);
    alerts.setLong(6, batch.lossesLow.get(i));
    alerts.setLong(7, batch.losses.get(i));
    alerts.setLong(8, batch.lossesHigh.get(i));
    setIncome(alerts, 9, batch.perCapita.get(i));
    setIncome(alerts, 10, batch.projected.get(i));
    alerts.setInt(11, (int) batch.persons.get(i));
    alerts.setShort(12, (short) RAISED);
    alerts.setShort(13, (short) batch.severities.get(i));
    alerts.setShort(14, (short) batch.reasons.get(i));
    alerts.setArray(15, inputs);
    alerts.addBatch();
  }

  private static void setIncome(PreparedStatement row, int column, long fen) throws SQLException {
    if (fen == AlertBatch.UNKNOWN_INCOME) row.setNull(column, Types.BIGINT);
    else row.setLong(column, fen);
  }

  private static void bindCase(AlertBatch batch, int i, Timestamp opened, Timestamp due, PreparedStatement cases)
      throws SQLException {
    short severity = (short) batch.severities.get(i);
    cases.setLong(1, batch.origin);
    cases.setLong(2, batch.households.get(i));
    cases.setLong(3, batch.duties.get(i));
    cases.setLong(4, batch.caseRevision);
    cases.setLong(5, batch.revision);
    cases.setTimestamp(6, opened);
    cases.setTimestamp(7, due);
    cases.setShort(8, (short) batch.persons.get(i));
    cases.setShort(9, severity);
    cases.setShort(10, severity);
    cases.setShort(11, (short) OPENED);
    cases.setShort(12, (short) CLUE);
    cases.setShort(13, (short) REGIME_FROM_2026);
    cases.setBoolean(14, false);
    cases.addBatch();
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers", settings.brokers(),
            "group.id", settings.application() + "-sink",
            "isolation.level", "read_committed",
            "enable.auto.commit", "false",
            "auto.offset.reset", "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
