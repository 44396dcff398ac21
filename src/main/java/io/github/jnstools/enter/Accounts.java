package io.github.jnstools.enter;

import io.github.jnstools.OsString;
import io.github.jnstools.sys.Sys;
import java.util.OptionalInt;

/** The user and group database of this host, whatever nsswitch.conf(5) makes of it. */
public final class Accounts {
  private Accounts() {}

  /** The id of a user. Man: getpwnam(3). */
  public static OptionalInt userId(OsString name) {
    return Sys.userId(name);
  }

  /** The id of a group. Man: getgrnam(3). */
  public static OptionalInt groupId(OsString name) {
    return Sys.groupId(name);
  }
}
