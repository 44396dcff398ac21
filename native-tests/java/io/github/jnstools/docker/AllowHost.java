package io.github.jnstools.docker;

import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.NetnsHome;
import java.io.IOException;
import java.nio.file.Path;

/**
 * An engine, a published port, a neighbourhood of 192.0.2.0/24, and networks and DOCKER-USER of
 * both families: for IPv6 as Docker 23 and later have it, whichever this is. Closing it removes all
 * that.
 */
final class AllowHost implements AutoCloseable {
  private final DockerEngine engine;
  private final NetnsHome home;

  private AllowHost(DockerEngine engine, NetnsHome home) {
    this.engine = engine;
    this.home = home;
  }

  /**
   * Starts it.
   *
   * @param busybox an empty directory
   */
  static AllowHost start(Path busybox) throws Exception {
    NetnsHome home = NetnsHome.make();
    DockerEngine engine = DockerEngine.withBusybox(busybox);
    AllowHost host = new AllowHost(engine, home);
    try {
      engine.start("--name", "web", "-p", "0.0.0.0:18080:80", "busybox", "/bin/sleep", "100000");
      UserRules.sh(
          "ip6tables -N DOCKER-USER; ip6tables -N DOCKER-ISOLATION-STAGE-1;"
              + " ip6tables -I FORWARD -j DOCKER-USER");
      engine.run("network", "create", "--ipv6", "--subnet", "fd00:d0c:6::/64", "six").mustSucceed();
      UserRules.sh(
          "ip link add outside type veth peer name outside-peer; ip addr add 192.0.2.1/24 dev outside;"
              + " ip link set outside up");
      host.empty();
      return host;
    } catch (Throwable e) {
      try {
        host.close();
      } catch (Throwable also) {
        e.addSuppressed(also);
      }
      throw e;
    }
  }

  DockerEngine engine() {
    return engine;
  }

  /** Leaves in the chains one rule of somebody else each, and forgets what was written. */
  void empty() throws Exception {
    for (String command : new String[] {"iptables", "ip6tables"}) {
      UserRules.sh(command + " -F DOCKER-USER");
    }
    UserRules.sh("iptables " + UserRules.FOREIGN);
    UserRules.sh("ip6tables -A DOCKER-USER -s 2001:db8::9/128 -j DROP");
    home.close();
  }

  @Override
  public void close() throws IOException {
    engine.close();
    try {
      UserRules.sh(
          "iptables -F DOCKER-USER; ip6tables -D FORWARD -j DOCKER-USER;"
              + " ip6tables -F DOCKER-USER; ip6tables -X DOCKER-USER;"
              + " ip6tables -X DOCKER-ISOLATION-STAGE-1; ip link del outside");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    home.close();
  }
}
