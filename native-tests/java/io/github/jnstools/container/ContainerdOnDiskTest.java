package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.ContainerdEngine;
import io.github.jnstools.harness.DockerTest;
import io.github.jnstools.harness.Poll;
import io.github.jnstools.proc.Procfs;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The tasks of a containerd, found without asking it. */
@DockerTest
class ContainerdOnDiskTest {
  private static final Engine ON_DISK = new ContainerdState(HostFiles.HERE, Procfs.HERE);
  private static final Engine PODS =
      new CriState(HostFiles.HERE, ContainersStorage.ofSystem(HostFiles.HERE), Procfs.HERE);
  @AutoClose private static ContainerdEngine engine;
  private static long web;
  private static long other;
  private static long pod;

  @BeforeAll
  static void startContainers() throws Exception {
    assertFalse(ON_DISK.present());
    assertFalse(PODS.present());
    engine = ContainerdEngine.start();
    web = engine.start("default", "web");
    other = engine.start("other", "web", "--net-host", "--annotation", "nerdctl/name=nice");
    pod =
        engine.start(
            "k8s.io",
            "0a1b2c",
            "--annotation",
            "io.kubernetes.cri.container-type=sandbox",
            "--annotation",
            "io.kubernetes.cri.sandbox-id=0a1b2c",
            "--annotation",
            "io.kubernetes.cri.sandbox-namespace=kube",
            "--annotation",
            "io.kubernetes.cri.sandbox-name=proxy");
    engine.start("default", "short", List.of("/bin/true"));
    Poll.until("short's end", () -> engine.task("default", "short")[2].equals("STOPPED"));
  }

  private static void assertFindsAll() throws Exception {
    assertTrue(ON_DISK.present());
    OnDisk.assertRuns(web, OnDisk.find(ON_DISK, "default/web"));
    OnDisk.assertRuns(other, OnDisk.find(ON_DISK, "other/web"));
    OnDisk.assertRuns(other, OnDisk.find(ON_DISK, "nice"));
    OnDisk.assertRuns(pod, OnDisk.find(ON_DISK, "k8s.io/0a1b2c"));
    OnDisk.assertRuns(pod, OnDisk.find(PODS, "kube/proxy"));
    assertEquals(2, ON_DISK.find("web").size());
    assertEquals(List.of("web", "web"), OnDisk.running(ON_DISK));
    assertEquals(List.of("0a1b2c"), OnDisk.running(PODS));
  }

  @Test
  void findsTheProcessOfEachTask() throws Exception {
    assertFindsAll();
    assertEquals("host", OnDisk.find(ON_DISK, "nice").networkMode());
    assertEquals("", OnDisk.find(ON_DISK, "default/web").networkMode());
    assertEquals("default", OnDisk.find(ON_DISK, "default/web").scope());
  }

  @Test
  void findsThemWhileTheDaemonIsDown() throws Exception {
    engine.crash();
    try {
      assertFindsAll();
    } finally {
      engine.startAgain();
    }
    assertFindsAll();
  }

  @Test
  void tellsAnEndThatNobodyHasCollected() throws Exception {
    Known ended = OnDisk.find(ON_DISK, "short");
    assertEquals("exited", ended.status());
    assertEquals(0, ended.pid());
  }

  @Test
  void findsTheRecordWhereverTheRuntimeKeepsIt() throws Exception {
    long pid = engine.start("default", "elsewhere", "--runc-root", "/run/containerd-engine-runc");
    OnDisk.assertRuns(pid, OnDisk.find(ON_DISK, "elsewhere"));
    engine.ctr("tasks", "rm", "-f", "elsewhere").mustSucceed();
    assertEquals(List.of(), ON_DISK.find("elsewhere"));
  }
}
