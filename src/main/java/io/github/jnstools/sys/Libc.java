package io.github.jnstools.sys;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls into libc by the function's name: they return what C returns, and {@link #errno()} is read
 * in the statement after a failure.
 *
 * <p>Arguments are int, long, byte[] (copied in and out) and Pointer, as the C declaration has
 * them; that variadic functions are called like any other is right on x86-64 and aarch64 Linux.
 */
final class Libc {
  private static final NativeLibrary PROCESS;
  private static final Map<String, Function> FUNCTIONS = new ConcurrentHashMap<>();

  static {
    Installed.configureJna();
    if (Native.LONG_SIZE != 8) {
      throw new UnsupportedOperationException("jnstools needs a 64-bit Linux");
    }
    PROCESS = NativeLibrary.getProcess();
  }

  private Libc() {}

  static int errno() {
    return Native.getLastError();
  }

  /** Calls a function that returns int. */
  static int callInt(String function, Object... arguments) {
    return function(function).invokeInt(arguments);
  }

  /** Calls a function that returns long or ssize_t. */
  static long callLong(String function, Object... arguments) {
    return function(function).invokeLong(arguments);
  }

  /** Calls a function that returns a pointer; null for NULL. */
  static Pointer callPointer(String function, Object... arguments) {
    return function(function).invokePointer(arguments);
  }

  private static Function function(String name) {
    Function function = FUNCTIONS.get(name);
    if (function == null) {
      // JNA composes a key of several parts at each look.
      function = PROCESS.getFunction(name);
      FUNCTIONS.put(name, function);
    }
    return function;
  }
}
