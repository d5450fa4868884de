import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes protobuf messages field by field. */
final class ProtobufWriter {
  private byte[] bytes = new byte[1024];
  private int size;

  ProtobufWriter number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  ProtobufWriter text(int field, String value) {
    return raw(field, value.getBytes(StandardCharsets.UTF_8));
  }

  ProtobufWriter packed(int field, LongList values) {
    ProtobufWriter inner = new ProtobufWriter();
    for (int i = 0; i < values.size(); i++) inner.varint(values.get(i));
    return raw(field, inner.done());
  }

  ProtobufWriter raw(int field, byte[] value) {
    varint((long) field << 3 | 2);
    varint(value.length);
    need(value.length);
    System.arraycopy(value, 0, bytes, size, value.length);
    size += value.length;
    return this;
  }

  byte[] done() {
    return Arrays.copyOf(bytes, size);
  }

  private void varint(long value) {
    need(10);
    while ((value & ~0x7fL) != 0) {
      bytes[size++] = (byte) (value & 0x7f | 0x80);
      value >>>= 7;
    }
    bytes[size++] = (byte) value;
  }

  private void need(int more) {
    if (size + more > bytes.length) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
  }
}
