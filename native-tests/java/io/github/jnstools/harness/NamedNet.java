package io.github.jnstools.harness;

import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A network namespace that ip-netns(8) has made, with a pair of interfaces in it. */
public final class NamedNet implements AutoCloseable {
  /** One of its interfaces. */
  public static final String INTERFACE = "jns0";

  private final String name;

  private NamedNet(String name) {
    this.name = name;
  }

  /** Makes one. */
  public static NamedNet add(String name) throws IOException, InterruptedException {
    Run.of("ip", "netns", "add", name).mustSucceed();
    NamedNet net = new NamedNet(name);
    Run.of("ip", "-n", name, "link", "add", INTERFACE, "type", "veth", "peer", "name", "jns1")
        .mustSucceed();
    return net;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The file that it is bound to. */
  public String file() {
    return "/run/netns/" + name;
  }

  /** Opens it. */
  public Namespace open() throws IOException {
    return Namespace.at(NamespaceType.NET, OsString.of(file()));
  }

  /** What {@code /proc/PID/ns/net} of its processes leads to. */
  public String link() throws IOException {
    return "net:[" + Files.getAttribute(Path.of(file()), "unix:ino") + "]";
  }

  /** Runs a command in it by ip-netns(8). */
  public Run exec(String... command) throws IOException, InterruptedException {
    String[] all = new String[command.length + 4];
    System.arraycopy(new String[] {"ip", "netns", "exec", name}, 0, all, 0, 4);
    System.arraycopy(command, 0, all, 4, command.length);
    return Run.of(all);
  }

  @Override
  public void close() throws IOException {
    try {
      Run.of("ip", "netns", "del", name).mustSucceed();
      Run.of("umount", "-l", "/run/netns");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
