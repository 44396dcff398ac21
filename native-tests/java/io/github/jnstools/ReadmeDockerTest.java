package io.github.jnstools;

import io.github.jnstools.harness.DockerEngine;
import io.github.jnstools.harness.DockerTest;
import org.junit.jupiter.api.Test;

/** What the README shows on a host with Docker is run, and shows what the README shows. */
@DockerTest
class ReadmeDockerTest {

  @Test
  void sessionsRunAsShown() throws Exception {
    DockerEngine engine = DockerEngine.start();
    try {
      ReadmeSession.assertShown("console docker", "", "rm -r /run/jnstools; rmdir /run/netns");
    } finally {
      engine.close();
    }
  }
}
