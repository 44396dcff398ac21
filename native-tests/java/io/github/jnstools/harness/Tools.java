package io.github.jnstools.harness;

import java.io.File;
import java.nio.file.Path;

/** Where the things under test and the things to test with are. */
public final class Tools {
  /** The checkout. */
  public static final Path PROJECT =
      Path.of(System.getProperty("jnstools.project", "")).toAbsolutePath();

  /** Where the commands are: the checkout's, or others that have been installed. */
  private static final Path COMMANDS =
      Path.of(System.getProperty("jnstools.commands", PROJECT.resolve("scripts").toString()));

  /** The packaged command. */
  public static final String JNSENTER = COMMANDS.resolve("jnsenter").toString();

  /** The packaged command for names. */
  public static final String JNETNS = COMMANDS.resolve("jnetns").toString();

  /** The packaged command for Docker's firewall. */
  public static final String JDOCKNET = PROJECT.resolve("scripts/jdocknet").toString();

  /** The oracle. */
  public static final String NSENTER = "nsenter";

  /** The statically linked probe, as the tests' script compiles it. */
  public static final File PROBE = PROJECT.resolve("target/native-tests/probe").toFile();

  private Tools() {}
}
