package io.github.jnstools.harness;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** Chromium without a display, which shows pages of files. */
public final class Browser {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  // It talks to nobody; what it would talk about is switched off.
  private static final List<String> COMMAND =
      List.of(
          CHROMIUM.toString(),
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--hide-scrollbars",
          "--window-size=1800,2400");

  private final Path directory;

  /**
   * One that keeps its own files in a directory.
   *
   * @param directory to be removed by the caller
   */
  public Browser(Path directory) {
    boolean must = System.getenv().getOrDefault("JNS_MUST_RUN", "").contains("browser");
    assumeTrue(must || Files.isExecutable(CHROMIUM), "no " + CHROMIUM);
    this.directory = directory;
  }

  /**
   * The document as it is when its scripts have run.
   *
   * @param fragment what stands behind the page's address, with its {@code #}; may be empty
   */
  public String document(Path page, String fragment) throws IOException, InterruptedException {
    return run(page.toUri() + fragment, "--dump-dom");
  }

  /** What it looks like in a window of 1800 by 2400 pixels. */
  public BufferedImage screenshot(Path page) throws IOException, InterruptedException {
    Path image = directory.resolve("image.png");
    run(page.toUri().toString(), "--screenshot=" + image);
    BufferedImage seen = ImageIO.read(image.toFile());
    Files.delete(image);
    return seen;
  }

  private String run(String address, String option) throws IOException, InterruptedException {
    Path profile = Files.createTempDirectory(directory, "profile");
    List<String> command = new ArrayList<>(COMMAND);
    command.addAll(List.of("--user-data-dir=" + profile, option, address));
    return Run.of("", Map.of("HOME", profile.toString()), command).mustSucceed().out();
  }
}
