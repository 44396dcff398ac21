package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.proc.Procfs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerResolverTest {
  @TempDir Path proc;
  private final FakeEngine docker = new FakeEngine("docker", "/run/docker.sock");
  private final FakeEngine podman = new FakeEngine("podman", "/run/podman.sock");
  private final FakeEngine containerd = new FakeEngine("containerd", "/run/containerd");
  private ContainerResolver resolver;

  @BeforeEach
  void start() throws IOException {
    resolver = resolver(new FirstOf(docker), new FirstOf(podman), new FirstOf(containerd));
    process(7, "/docker/abc1");
    process(8, "/libpod_parent/abd2");
    process(9, "/abe3");
  }

  private ContainerResolver resolver(FirstOf... engines) {
    return new ContainerResolver(Arrays.asList(engines), new Procfs(proc));
  }

  private void process(int pid, String cgroup) throws IOException {
    Path directory = Files.createDirectories(proc.resolve("" + pid));
    String fields = " 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 ";
    Files.writeString(directory.resolve("stat"), pid + " (x) S" + fields + 1000 + pid + " 0\n");
    Files.writeString(directory.resolve("cgroup"), "0::" + cgroup + "\n");
  }

  private String resolved(String reference) throws NamespaceException {
    return resolver.resolve(reference).reference();
  }

  private NamespaceException refused(String reference) {
    return assertThrows(NamespaceException.class, () -> resolver.resolve(reference), reference);
  }

  private void assertRefused(String reference, String reason) {
    assertEquals("container(" + reference + "): " + reason, refused(reference).getMessage());
  }

  @Test
  void resolvesNamesIdsAndPrefixesInAnyEngine() throws NamespaceException {
    docker.with("abc1", "web", "running", 7);
    podman.with("abd2", "db", "paused", 8);
    assertEquals(
        new Container("docker", "", "abc1", "web", 7, 10007, "bridge"), resolver.resolve("web"));
    assertEquals("docker:web", resolved("abc1"));
    assertEquals("docker:web", resolved("abc"));
    assertEquals("podman:db", resolved("db"));
    assertEquals("podman:db", resolved("abd"));
  }

  @Test
  void resolvesAPidWithoutAnyEngine() throws NamespaceException {
    docker.with("abc1", "8", "running", 7);
    assertEquals(new Container("pid", "", "8", "8", 8, 10008, ""), resolver.resolve("8"));
    assertEquals("pid:8", resolved("8"));
    assertEquals("pid:8", resolved("pid:8"));
    assertEquals("docker:8", resolved("docker:8"));
    assertRefused("6", "there is no process 6 in this /proc");
    assertEquals(1, ContainerResolver.ofHost().resolve("1").pid());
  }

  @Test
  void asksOnlyTheEngineThatIsNamed() throws NamespaceException {
    docker.with("abc1", "web", "running", 7);
    podman.with("abd2", "web", "running", 8);
    assertEquals("docker:web", resolved("docker:web"));
    assertEquals("podman:web", resolved("podman:web"));
    podman.failing(new IOException("broken"));
    assertEquals("docker:web", resolved("docker:web"));
    assertRefused("containerd:web", "no such container; asked containerd (/run/containerd)");
  }

  @Test
  void doesNotTakeTheOnlyOneWhileAnEngineDoesNotAnswer() throws NamespaceException {
    docker.with("abc1", "web", "running", 7);
    podman.failing(new IOException("broken"));
    assertRefused(
        "web", "another may have this name, too; no answer: podman(/run/podman.sock): broken");
    assertEquals("docker:web", resolved("docker:web"));
    assertEquals("docker:web", resolved("abc1"));
  }

  @Test
  void prefersNamesToPrefixesInAllEnginesTogether() throws NamespaceException {
    docker.with("abc1", "web", "running", 7);
    podman.with("abd2", "abc", "running", 8);
    assertEquals("podman:abc", resolved("abc"));
    assertEquals("docker:web", resolved("docker:abc"));
  }

  @Test
  void countsTheSameContainerOfTwoEnginesOnce() throws NamespaceException {
    docker.with("abc1", "web", "running", 7);
    containerd.with("abc1", "abc1", "running", 7).with("other", "abc1", "running", 7);
    assertEquals("docker:web", resolved("abc1"));
    assertEquals("docker:web", resolved("abc"));
    assertEquals(
        List.of("docker:web"),
        resolver.running().containers().stream().map(Container::reference).toList());
    assertEquals(List.of(), resolver.running().problems());
  }

  @Test
  void asksOneEngineOnlyForItsOwn() {
    docker.with("abc1", "web", "running", 7);
    podman.failing(new NamespaceException("connect", "/run/podman.sock", 111));
    ContainerResolver.Inventory inventory = resolver.running("docker");
    assertEquals(
        List.of("docker:web"), inventory.containers().stream().map(Container::reference).toList());
    assertEquals(List.of(), inventory.problems());
    assertEquals(1, resolver.running().problems().size());
  }

  @Test
  void countsTwoOfOneIdInTwoNamespacesTwice() throws IOException {
    OptionalLong unrecorded = OptionalLong.empty();
    FakeEngine tasks =
        new FakeEngine(
            "containerd",
            "/run/containerd",
            new Known("containerd", "default", "abe3", "abe3", "running", 9, unrecorded, ""),
            new Known("containerd", "other", "abe3", "abe3", "running", 10, unrecorded, ""));
    process(10, "/other/abe3");
    resolver = resolver(new FirstOf(docker), new FirstOf(tasks));
    assertRefused("abe3", "it may be any of containerd:default/abe3, containerd:other/abe3");
    assertEquals(
        List.of("containerd:default/abe3", "containerd:other/abe3"),
        resolver.running().containers().stream().map(Container::reference).toList());
  }

  @Test
  void countsTheSameStoppedContainerOfTwoEnginesOnce() {
    docker.with("abc1", "web", "exited", 0);
    containerd.with("abc1", "abc1", "stopped", 0);
    NamespaceException refused = refused("abc1");
    assertEquals(
        "container(docker:web): the container is not running (exited)", refused.getMessage());
  }

  @Test
  void refusesANameOfSeveralEvenIfOneRuns() {
    docker.with("abc1", "web", "exited", 0);
    podman.with("abd2", "web", "running", 8);
    assertRefused("web", "it may be any of docker:web, podman:web");
    assertEquals(Optional.of("name one of these"), refused("web").hint());
  }

  @Test
  void takesTheOneThatRunsOfThoseWhoseIdsStartAlike() throws NamespaceException {
    docker.with("abc1", "web", "running", 7).with("abc2", "old", "exited", 0);
    assertEquals("docker:web", resolved("abc"));
    podman.with("abd2", "db", "running", 8);
    assertRefused("ab", "it may be any of docker:web, podman:db");
  }

  @Test
  void refusesPrefixesOfSeveralThatDoNotRun() {
    docker.with("abc1", "web", "exited", 0).with("abc2", "old", "exited", 0);
    assertRefused("abc", "it may be any of docker:web, docker:old");
  }

  @Test
  void namesCandidatesApart() {
    FakeEngine rootless = new FakeEngine("docker", "/run/user/7/docker.sock");
    docker.with("abc1", "web", "running", 7);
    rootless.with("abd2", "web", "running", 8);
    OptionalLong unrecorded = OptionalLong.empty();
    FakeEngine cri =
        new FakeEngine(
            "cri",
            "/run/containerd",
            new Known("cri", "shop", "abe3", "web", "running", 9, unrecorded, "pod"),
            new Known("cri", "test", "abe4", "web", "running", 10, unrecorded, "pod"));
    resolver = resolver(new FirstOf(docker), new FirstOf(rootless), new FirstOf(cri));
    assertRefused("web", "it may be any of docker:abc1, docker:abd2, cri:shop/web, cri:test/web");
  }

  @Test
  void namesNotTooManyCandidates() {
    for (int i = 0; i < 20; i++) {
      docker.with("ab" + (char) ('a' + i), "c" + i, "exited", 0);
    }
    assertRefused(
        "ab",
        "it may be any of docker:c0, docker:c1, docker:c2, docker:c3, docker:c4, docker:c5,"
            + " docker:c6, docker:c7 and 12 more");
  }

  @Test
  void saysWhereItHasLooked() {
    containerd.absent(true);
    assertRefused(
        "web", "no such container; asked docker (/run/docker.sock); podman (/run/podman.sock)");
    assertEquals(
        Optional.of("list the containers, with those that do not run"), refused("web").hint());
  }

  @Test
  void saysWhatCouldNotBeAsked() {
    podman.failing(new NamespaceException("connect", "/run/podman.sock", Errno.EACCES.number()));
    containerd.failing(new IOException("broken"));
    assertRefused(
        "web",
        "no such container; asked docker (/run/docker.sock); no answer: connect(/run/podman.sock):"
            + " EACCES: Permission denied; no answer: containerd(/run/containerd): broken");
    assertTrue(refused("web").hint().orElseThrow().contains("run as root"));
  }

  @Test
  void passesTheOnlyProblemOnIfNothingElseWasAsked() {
    podman.failing(new NamespaceException("connect", "/run/podman.sock", Errno.EACCES.number()));
    NamespaceException refused = refused("podman:web");
    assertEquals(Optional.of(Errno.EACCES), refused.errno());
    assertEquals("connect(/run/podman.sock): EACCES: Permission denied", refused.getMessage());
  }

  @Test
  void saysThatThereIsNothingToAsk() {
    docker.absent(true);
    podman.absent(true);
    containerd.absent(true);
    assertRefused(
        "web",
        "there is no engine to ask; looked for docker (/run/docker.sock); podman"
            + " (/run/podman.sock); containerd (/run/containerd)");
    assertRefused("cri:web", "there is no engine to ask; looked for ");
  }

  @Test
  void believesTheFirstPlaceThatAnswers() throws NamespaceException {
    FakeEngine disk = new FakeEngine("docker", "/var/lib/docker").with("abc1", "old", "running", 7);
    docker.with("abc1", "new", "running", 7);
    resolver = resolver(new FirstOf(docker, disk));
    assertEquals("docker:new", resolved("abc1"));
    assertRefused("old", "no such container; asked docker (/run/docker.sock, /var/lib/docker)");
    docker.absent(true);
    assertEquals("docker:old", resolved("old"));
    assertEquals(List.of(), resolver.running().problems());
  }

  @Test
  void saysThatTheDaemonIsDownEvenIfItsFilesAnswer() throws NamespaceException {
    FakeEngine disk = new FakeEngine("docker", "/var/lib/docker").with("abc1", "web", "running", 7);
    docker.failing(new NamespaceException("connect", "/run/docker.sock", 111));
    resolver = resolver(new FirstOf(docker, disk));
    assertEquals("docker:web", resolved("web"));
    ContainerResolver.Inventory inventory = resolver.running();
    assertEquals(1, inventory.containers().size());
    assertEquals(
        "[connect(/run/docker.sock): ECONNREFUSED: Connection refused]",
        inventory.warnings().stream().map(Throwable::getMessage).toList().toString());
    assertEquals(List.of(), inventory.problems());
    assertRefused(
        "db",
        "no such container; asked docker (/run/docker.sock, /var/lib/docker); no answer:"
            + " connect(/run/docker.sock): ECONNREFUSED: Connection refused");
  }

  @Test
  void listsWhatIsProvenAndSaysWhatIsNot() {
    docker.with("abc1", "web", "running", 7).with("zzz", "stranger", "running", 9);
    podman.failing(new IOException("broken"));
    containerd.with("zzz", "zzz", "running", 9).with("abe3", "abe3", "running", 9);
    ContainerResolver.Inventory inventory = resolver.running();
    assertEquals(
        List.of("docker:web", "containerd:abe3"),
        inventory.containers().stream().map(Container::reference).toList());
    assertEquals(2, inventory.problems().size());
    assertTrue(inventory.problems().get(0).getMessage().contains("pid 9 is its process"));
    assertEquals("podman(/run/podman.sock): broken", inventory.problems().get(1).getMessage());
  }

  @Test
  void refusesAContainerWhoseProcessIsAnothers() {
    docker.with("zzz", "stranger", "running", 9);
    assertTrue(refused("stranger").getMessage().contains("nothing proves that pid 9"));
  }
}
