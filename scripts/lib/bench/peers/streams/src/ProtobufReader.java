import java.nio.charset.StandardCharsets;

/** Reads protobuf messages field by field: the few of proto/fangpin that the peer needs, without generated classes. */
final class ProtobufReader {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private final int end;
  private int at;
  private int wireType;

  ProtobufReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  private ProtobufReader(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
  }

  /** Number of the next field, 0 at the end. Its value is to be read or skipped. */
  int nextField() {
    if (at >= end) return 0;
    int tag = (int) varint();
    wireType = tag & 7;
    return tag >>> 3;
  }

  boolean hasMore() {
    return at < end;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte part = bytes[at++];
      value |= (long) (part & 0x7f) << shift;
      if (part >= 0) return value;
    }
    throw new IllegalArgumentException("a varint of more than ten bytes");
  }

  /** A message or a packed list inside this one. */
  ProtobufReader inner() {
    int length = (int) varint();
    ProtobufReader inner = new ProtobufReader(bytes, at, at + length);
    at += length;
    return inner;
  }

  String text() {
    int length = (int) varint();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  LongList packed() {
    ProtobufReader inner = inner();
    LongList list = new LongList(inner.end - inner.at);
    while (inner.hasMore()) list.add(inner.varint());
    return list;
  }

  void skip() {
    switch (wireType) {
      case VARINT -> varint();
      case FIXED64 -> at += 8;
      case LENGTH -> inner();
      case FIXED32 -> at += 4;
      default -> throw new IllegalArgumentException("wire type " + wireType);
    }
  }
}
