package io.github.jnstools.sys;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.jnstools.OsString;
import java.util.List;

/** A NULL-terminated array of C strings, as exec takes it, in one block of native memory. */
final class StringArray implements AutoCloseable {
  private final Memory block;

  StringArray(List<OsString> strings) {
    long pointers = (strings.size() + 1L) * Native.POINTER_SIZE;
    long size = pointers;
    for (OsString string : strings) {
      size += string.bytes().length + 1;
    }
    block = new Memory(size);
    long at = pointers;
    for (int i = 0; i < strings.size(); i++) {
      byte[] bytes = strings.get(i).bytes();
      block.setPointer((long) i * Native.POINTER_SIZE, block.share(at));
      block.write(at, bytes, 0, bytes.length);
      block.setByte(at + bytes.length, (byte) 0);
      at += bytes.length + 1;
    }
    block.setPointer((long) strings.size() * Native.POINTER_SIZE, Pointer.NULL);
  }

  Pointer pointer() {
    return block;
  }

  @Override
  public void close() {
    block.close();
  }
}
