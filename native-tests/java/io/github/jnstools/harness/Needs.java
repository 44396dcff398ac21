package io.github.jnstools.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests whose need is missing, with the reason; a kind that is named in JNS_MUST_RUN fails
 * instead.
 */
final class Needs implements ExecutionCondition {
  private static final List<String> ENGINES =
      List.of("/usr/sbin/dockerd", "/usr/bin/podman", "/usr/bin/containerd");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    for (String kind : context.getTags()) {
      String missing = missing(kind);
      if (missing != null) {
        String mustRun = System.getenv().getOrDefault("JNS_MUST_RUN", "");
        if (Arrays.asList(mustRun.split(",")).contains(kind)) {
          throw new IllegalStateException(kind + " tests must run, but: " + missing);
        }
        return ConditionEvaluationResult.disabled(missing);
      }
    }
    return ConditionEvaluationResult.enabled("all needs are met");
  }

  private static String missing(String kind) {
    String outside = System.getenv("JNS_SANDBOX");
    if (outside == null || outside.equals(mountNamespace())) {
      return "not in namespaces of the run's own; use scripts/test.sh";
    }
    if (kind.equals("vm") && System.getenv("JNS_VM") == null) {
      return "not in a virtual machine of the run's own; use scripts/vm-test.sh";
    }
    if (!Tools.PROBE.canExecute()) {
      return "no " + Tools.PROBE;
    }
    if (!isRoot()) {
      return "not root";
    }
    for (String engine : kind.equals("docker") ? ENGINES : List.<String>of()) {
      if (!Files.isExecutable(Path.of(engine))) {
        return "no " + engine;
      }
    }
    return null;
  }

  private static String mountNamespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")).toString();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isRoot() {
    try {
      return Files.readString(Path.of("/proc/self/status")).contains("\nUid:\t0\t0\t");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
