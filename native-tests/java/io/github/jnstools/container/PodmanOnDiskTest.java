package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Container;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.PodmanEngine;
import io.github.jnstools.harness.Run;
import io.github.jnstools.proc.Procfs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Podman's containers, found without asking Podman. */
@DockerTest
class PodmanOnDiskTest {
  @TempDir static Path busybox;
  private static final Engine ON_DISK =
      new PodmanState(ContainersStorage.ofSystem(HostFiles.HERE), Procfs.HERE);
  @AutoClose private static PodmanEngine engine;
  private static String web;

  @BeforeAll
  static void startContainers() throws Exception {
    assertFalse(ON_DISK.present());
    engine = PodmanEngine.open();
    engine.load(Container.fill(busybox), "busybox");
    web = engine.start("--name", "web", "busybox", "/bin/sleep", "1000");
  }

  private static void assertAgrees(String name) throws Exception {
    Known known = OnDisk.find(ON_DISK, name);
    OnDisk.assertRuns(engine.pid(name), known);
    assertEquals(engine.inspect(name, "{{.HostConfig.NetworkMode}}"), known.networkMode());
    assertEquals(engine.inspect(name, "{{.Id}}"), known.id());
    assertEquals(name, known.name());
  }

  @Test
  void findsTheProcessOfEachContainer() throws Exception {
    assertTrue(ON_DISK.present());
    assertAgrees("web");
    OnDisk.assertRuns(engine.pid(web), OnDisk.find(ON_DISK, web.substring(0, 12)));
    assertTrue(OnDisk.running(ON_DISK).contains(web));
  }

  @Test
  void findsThemWithTheServiceToo() throws Exception {
    engine.startService();
    try {
      assertAgrees("web");
    } finally {
      engine.stopService();
    }
    assertAgrees("web");
  }

  @Test
  void saysHowEachIsConnected() throws Exception {
    Run.of("ip", "netns", "add", "own").mustSucceed();
    List<String> networks =
        List.of("host", "none", "container:" + web, "ns:/run/netns/own", "bridge");
    for (int i = 0; i < networks.size(); i++) {
      String name = "net" + i;
      engine.start("--name", name, "--network", networks.get(i), "busybox", "/bin/sleep", "1000");
      assertEquals(networks.get(i), OnDisk.find(ON_DISK, name).networkMode());
      assertAgrees(name);
    }
    Run.of("ip", "netns", "del", "own").mustSucceed();
  }

  @Test
  void tellsWhatDoesNotRun() throws Exception {
    String id = engine.start("--name", "short", "busybox", "/bin/sleep", "1000");
    engine.run("rename", "short", "renamed").mustSucceed();
    assertAgrees("renamed");
    engine.run("stop", "-t", "0", id).mustSucceed();
    assertEquals("exited", OnDisk.find(ON_DISK, "renamed").status());
    assertEquals(0, OnDisk.find(ON_DISK, id).pid());
    assertFalse(OnDisk.running(ON_DISK).contains(id));
    String created =
        engine.run("create", "--name", "new", "busybox", "/bin/sh").mustSucceed().out().strip();
    assertEquals("created", OnDisk.find(ON_DISK, "new").status());
    engine.run("rm", created).mustSucceed();
    assertEquals(List.of(), ON_DISK.find("new"));
  }

  @Test
  void membersOfAPodShareItsNetwork() throws Exception {
    engine.makePod("pod", "busybox");
    String id = engine.start("--pod", "pod", "--name", "member", "busybox", "/bin/sleep", "1000");
    Known member = OnDisk.find(ON_DISK, id);
    OnDisk.assertRuns(engine.pid(id), member);
    assertEquals(engine.inspect(id, "{{.HostConfig.NetworkMode}}"), member.networkMode());
    assertTrue(member.networkMode().startsWith("container:"), member.toString());
  }
}
