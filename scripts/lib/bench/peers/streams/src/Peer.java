import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The fan-out as a Kafka Streams program with a JDBC sink: `java Peer <settings>`. Says `ready` on standard output once it
 * runs, then what it has stored; ends when standard input ends.
 */
public final class Peer {
  private Peer() {}

  public static void main(String[] args) throws Exception {
    Settings settings = Settings.read(args[0]);
    CountDownLatch ready = new CountDownLatch(1 + settings.threads());
    KafkaStreams streams = new KafkaStreams(topology(settings), streamsConfig(settings));
    streams.setStateListener((now, before) -> {
      if (now == KafkaStreams.State.RUNNING) ready.countDown();
    });
    streams.setUncaughtExceptionHandler(error -> {
      fail(error);
      return StreamThreadExceptionResponse.SHUTDOWN_APPLICATION;
    });
    KafkaProducer<byte[], byte[]> events =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", settings.brokers(), "acks", "all", "linger.ms", "2"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    List<JdbcSink> sinks = new ArrayList<>();
    for (int i = 0; i < settings.threads(); i++) {
      JdbcSink sink = new JdbcSink(settings, events, ready::countDown);
      sinks.add(sink);
      Thread thread = new Thread(sink, "sink-" + i);
      thread.setUncaughtExceptionHandler((failed, error) -> fail(error));
      thread.start();
    }
    streams.start();
    ready.await();
    System.out.println("ready");
    while (System.in.read() >= 0) continue;
    sinks.forEach(JdbcSink::stop);
    streams.close(Duration.ofSeconds(20));
    events.close(Duration.ofSeconds(5));
    System.exit(0);
  }

  private static void fail(Throwable error) {
    error.printStackTrace();
    Runtime.getRuntime().halt(1);
  }

  private static Topology topology(Settings settings) {
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    ByteArraySerializer out = new ByteArraySerializer();
    return new Topology()
        .addSource(
            "statements", bytes, bytes, settings.householdTopic(), settings.assessmentTopic(), settings.shockTopic())
        .addProcessor("exposure-table", () -> new ExposureTable(settings), "statements")
        .addStateStore(store(ExposureTable.EXPOSURE), "exposure-table")
        .addStateStore(store(ExposureTable.PLACES), "exposure-table")
        .addSink("alerts", settings.alertTopic(), out, out, "exposure-table");
  }

  private static StoreBuilder<?> store(String name) {
    return Stores.keyValueStoreBuilder(Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray());
  }

  private static Properties streamsConfig(Settings settings) {
    Properties config = new Properties();
    config.put("bootstrap.servers", settings.brokers());
    config.put("application.id", settings.application());
    config.put("state.dir", settings.stateFolder());
    config.put("processing.guarantee", settings.guarantee());
    config.put("num.stream.threads", settings.threads());
    config.put("commit.interval.ms", settings.commitIntervalMs());
    config.put("replication.factor", 1);
    config.put("auto.offset.reset", "earliest");
    // The library's own 100 ms would let the last alerts of a shock wait.
    config.put("producer.linger.ms", 2);
    config.put("producer.acks", "all");
    return config;
  }
}
