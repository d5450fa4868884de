import java.util.Arrays;

/** A growing list of longs without a box around each. */
final class LongList {
  private long[] values;
  private int size;

  LongList(int capacity) {
    values = new long[Math.max(8, capacity)];
  }

  void add(long value) {
    if (size == values.length) values = Arrays.copyOf(values, size * 2);
    values[size++] = value;
  }

  long get(int index) {
    return values[index];
  }

  int size() {
    return size;
  }

  long[] slice(int from, int to) {
    return Arrays.copyOfRange(values, from, to);
  }
}
