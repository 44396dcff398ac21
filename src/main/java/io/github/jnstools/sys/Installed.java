package io.github.jnstools.sys;

import java.io.File;

/** Where a launcher's own files are: beside the jar, with no need to unpack anything. */
public final class Installed {
  private static final String HOME = System.getProperty("jnstools.home");

  private Installed() {}

  /** JNA's name for this machine, which is also that of the folder of the stage. */
  public static String platform() {
    String arch = System.getProperty("os.arch");
    return "linux-" + (arch.equals("amd64") ? "x86-64" : arch);
  }

  /** A file for this machine; null where no launcher says that there are any. */
  public static File file(String name) {
    return HOME == null ? null : new File(HOME + "/native/" + platform() + "/" + name);
  }

  /** Tells JNA what it has to know before its first class is loaded; what the user set stays. */
  static void configureJna() {
    // Unset, JNA runs ldconfig -p: 20 ms, and in another mount namespace somebody else's ldconfig.
    setIfAbsent("jna.platform.library.path", "/nonexistent");
    if (HOME != null) {
      setIfAbsent("jna.boot.library.path", HOME + "/native/" + platform());
      setIfAbsent("jna.nounpack", "true");
    }
  }

  private static void setIfAbsent(String key, String value) {
    if (System.getProperty(key) == null) {
      System.setProperty(key, value);
    }
  }
}
