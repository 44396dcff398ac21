package io.github.jnstools.enter;

import io.github.jnstools.proc.MountEntry;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.io.UncheckedIOException;

/** SELinux, as far as a launch has to do with it. */
final class SecurityContext {
  private SecurityContext() {}

  /** Whether SELinux is on: then, and only then, selinuxfs is mounted. */
  static boolean enabled() {
    try {
      for (MountEntry mount : Procfs.HERE.mountinfo("self")) {
        if (mount.type().equals("selinuxfs")) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
