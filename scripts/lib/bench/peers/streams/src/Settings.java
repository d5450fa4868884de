import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** What the benchmark hands over, in a file of properties. */
record Settings(
    String brokers,
    String application,
    String guarantee,
    String commitIntervalMs,
    int threads,
    int rowsPerBatch,
    String householdTopic,
    String assessmentTopic,
    String shockTopic,
    String alertTopic,
    String caseTopic,
    String jdbcUrl,
    String schema,
    String stateFolder) {
  static Settings read(String file) throws IOException {
    Properties given = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      given.load(reader);
    }
    return new Settings(
        given.getProperty("brokers"),
        given.getProperty("application"),
        given.getProperty("guarantee"),
        given.getProperty("commitIntervalMs"),
        Integer.parseInt(given.getProperty("threads")),
        Integer.parseInt(given.getProperty("rowsPerBatch")),
        given.getProperty("householdTopic"),
        given.getProperty("assessmentTopic"),
        given.getProperty("shockTopic"),
        given.getProperty("alertTopic"),
        given.getProperty("caseTopic"),
        given.getProperty("jdbcUrl"),
        given.getProperty("schema"),
        given.getProperty("stateFolder"));
  }
}
