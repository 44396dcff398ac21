package io.github.jnstools.enter;

import io.github.jnstools.proc.MountEntry;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;

/** SELinux, as far as a launch has to do with it. */
final class SecurityContext {
  private SecurityContext() {}

  /** Whether SELinux is on: then, and only then, selinuxfs is mounted. */
  static boolean enabled() throws IOException {
    for (MountEntry mount : Procfs.HERE.mountinfo("self")) {
      if (mount.type().equals("selinuxfs")) {
        return true;
      }
    }
    return false;
  }
}
