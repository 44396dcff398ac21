package io.github.jnstools.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.NamespaceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndpointsTest {
  private static final Engine DISK = new FakeEngine("docker", "disk");
  private static final Engine USERS = new FakeEngine("docker", "home");

  @TempDir Path root;
  private final Map<String, String> environment = new HashMap<>();

  private List<String> docker() {
    return where(endpoints().docker(DISK, USERS));
  }

  private List<String> podman() {
    return where(endpoints().podman(DISK, USERS));
  }

  private Endpoints endpoints() {
    return new Endpoints(environment, root.toString());
  }

  private List<String> where(List<FirstOf> engines) {
    return engines.stream().map(engine -> engine.where().replace(root.toString(), "")).toList();
  }

  private NamespaceException refused(List<FirstOf> engines) {
    assertEquals(1, engines.size());
    assertTrue(engines.get(0).present());
    FirstOf.Answer answer = engines.get(0).find("web");
    assertEquals(answer.problems().toString(), engines.get(0).running().problems().toString());
    assertEquals(1, answer.problems().size());
    return answer.problems().get(0);
  }

  private Path write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  @Test
  void areTheSystemsWithoutSettings() {
    assertEquals(List.of("/run/docker.sock, disk"), docker());
    assertEquals(List.of("/run/podman/podman.sock, disk"), podman());
    environment.put("DOCKER_HOST", "");
    environment.put("XDG_RUNTIME_DIR", "");
    assertEquals(List.of("/run/docker.sock, disk"), docker());
  }

  @Test
  void areTheUsersToo() {
    environment.put("XDG_RUNTIME_DIR", "/run/user/7");
    assertEquals(List.of("/run/docker.sock, disk", "/run/user/7/docker.sock, home"), docker());
    assertEquals(
        List.of("/run/podman/podman.sock, disk", "/run/user/7/podman/podman.sock, home"), podman());
    environment.put("DOCKER_HOST", "unix:///run/user/7/docker.sock");
    environment.put("CONTAINER_HOST", "unix:///run/user/7/podman/podman.sock");
    assertEquals(List.of("/run/user/7/docker.sock, home"), docker());
    assertEquals(List.of("/run/user/7/podman/podman.sock, home"), podman());
  }

  @Test
  void areNotTheSameTwice() {
    environment.put("XDG_RUNTIME_DIR", root + "/run");
    assertEquals(List.of("/run/docker.sock, disk"), docker());
    assertEquals(List.of("/run/podman/podman.sock, disk"), podman());
  }

  @Test
  void areWhereTheyWereOnceIfTheyAreThereOnly() throws IOException {
    write("var/run/docker.sock", "");
    assertEquals(List.of("/var/run/docker.sock, disk"), docker());
    write("run/docker.sock", "");
    assertEquals(List.of("/run/docker.sock, disk"), docker());
  }

  @Test
  void areWhatAVariableNamesAndNoOther() {
    environment.put("XDG_RUNTIME_DIR", "/run/user/7");
    environment.put("DOCKER_HOST", "unix:///srv/docker.sock");
    environment.put("CONTAINER_HOST", "unix:///srv/podman.sock");
    assertEquals(List.of("/srv/docker.sock"), docker());
    assertEquals(List.of("/srv/podman.sock"), podman());
  }

  @Test
  void areTheSystemsIfAVariableNamesThat() {
    environment.put("DOCKER_HOST", "unix://" + root + "/var/run/docker.sock");
    environment.put("CONTAINER_HOST", "unix://" + root + "/run/podman/podman.sock");
    assertEquals(List.of("/var/run/docker.sock, disk"), docker());
    assertEquals(List.of("/run/podman/podman.sock, disk"), podman());
  }

  @Test
  void areRefusedOnAnotherMachine() {
    for (String host :
        List.of("tcp://127.0.0.1:2375", "ssh://far", "npipe:////./pipe/x", "far:2375")) {
      environment.put("DOCKER_HOST", host);
      environment.put("CONTAINER_HOST", host);
      for (NamespaceException refused :
          List.of(
              refused(endpoints().docker(DISK, USERS)), refused(endpoints().podman(DISK, USERS)))) {
        assertEquals(host, refused.context());
        assertTrue(refused.getMessage().contains("pids of another mean nothing"));
        assertTrue(refused.hint().orElseThrow().contains("_HOST=unix://PATH"));
      }
    }
  }

  private void context(String name, String meta) throws Exception {
    write("home/.docker/config.json", "{\"auths\":{},\"currentContext\":\"" + name + "\"}");
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes());
    String directory = HexFormat.of().formatHex(digest);
    write("home/.docker/contexts/meta/" + directory + "/meta.json", meta);
    environment.put("HOME", root + "/home");
  }

  private static String meta(String host) {
    return "{\"Name\":\"x\",\"Metadata\":{},\"Endpoints\":{\"docker\":{\"Host\":\""
        + host
        + "\",\"SkipTLSVerify\":false}}}";
  }

  @Test
  void areTheCurrentContexts() throws Exception {
    context("near", meta("unix:///srv/near.sock"));
    assertEquals(List.of("/srv/near.sock"), docker());
    environment.put("DOCKER_CONTEXT", "default");
    assertEquals(List.of("/run/docker.sock, disk"), docker());
    environment.put("DOCKER_CONTEXT", "near");
    environment.put("DOCKER_HOST", "unix:///srv/other.sock");
    assertEquals(List.of("/srv/other.sock"), docker());
  }

  @Test
  void areTheContextsOfAnotherDirectory() throws Exception {
    context("near", meta("unix:///srv/near.sock"));
    environment.put("HOME", "/nonexistent");
    assertEquals(List.of("/run/docker.sock, disk"), docker());
    environment.put("DOCKER_CONFIG", root + "/home/.docker");
    assertEquals(List.of("/srv/near.sock"), docker());
  }

  @Test
  void areNotThoseOfAContextThatIsMissingOrBroken() throws Exception {
    context("far", meta("ssh://far"));
    assertEquals("ssh://far", refused(endpoints().docker(DISK, USERS)).context());
    environment.put("DOCKER_CONTEXT", "lost");
    String missing = refused(endpoints().docker(DISK, USERS)).getMessage();
    assertTrue(missing.startsWith("docker(context): ") && missing.contains("meta.json"), missing);
    environment.remove("DOCKER_CONTEXT");
    for (String broken : List.of("{\"Endpoints\":{}}", "{", "[]", "[".repeat(100_000))) {
      context("far", broken);
      NamespaceException refused = refused(endpoints().docker(DISK, USERS));
      assertTrue(refused.getMessage().contains("/meta.json: no"), refused.getMessage());
      assertTrue(refused.hint().orElseThrow().contains("DOCKER_HOST=unix://"));
    }
    write("home/.docker/config.json", "{");
    assertTrue(refused(endpoints().docker(DISK, USERS)).getMessage().contains("config.json: not"));
    write("home/.docker/config.json", "{}");
    assertEquals(List.of("/run/docker.sock, disk"), docker());
  }
}
