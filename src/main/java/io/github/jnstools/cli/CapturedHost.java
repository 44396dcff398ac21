package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A host whose texts are in the files of a directory. */
record CapturedHost(Path directory) implements HostTexts {
  /** What most hosts have nothing of, and then nobody captured. */
  private static final Set<HostText> RARE =
      Set.of(HostText.OTHER_RULES, HostText.OTHER_RULES_V6, HostText.SETS, HostText.DAEMON);

  @Override
  public Optional<String> read(HostText text) throws IOException {
    for (String name : text.files()) {
      Path file = directory.resolve(name);
      if (Files.exists(file)) {
        return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    }
    if (RARE.contains(text)) {
      return Optional.empty();
    }
    throw new NamespaceException(
        "open",
        directory + "/" + String.join(" or ", text.files()),
        "no such file",
        "it should have what this prints: " + text.command());
  }
}
