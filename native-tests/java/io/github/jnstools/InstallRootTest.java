package io.github.jnstools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.jnstools.harness.Poll;
import io.github.jnstools.harness.Proc;
import io.github.jnstools.harness.RootTest;
import io.github.jnstools.harness.Run;
import io.github.jnstools.harness.Running;
import io.github.jnstools.harness.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Installed, used, and taken away again, of which nothing is left. */
@RootTest
class InstallRootTest {
  private static final String INSTALL = Tools.PROJECT.resolve("scripts/install.sh").toString();
  private static final String PREFIX = "/run/jnstools-install/prefix";
  private static final String PID = Long.toString(ProcessHandle.current().pid());

  /** A line of find: nobody else can write it; of a link the mode says nothing. */
  private static final String OF_ROOT = "([-d]....-..-.|l.........) 0:0 .*";

  private static String shell(String script) throws Exception {
    return Run.of("sh", "-euc", script).mustSucceed().out();
  }

  @BeforeEach
  void makePrefix() throws Exception {
    // Of what was there before, everything stays.
    shell("mkdir -p " + PREFIX + "/share/man; echo mine >" + PREFIX + "/share/man/mine");
  }

  @AfterEach
  void removePrefix() throws Exception {
    shell("rm -r /run/jnstools-install");
  }

  private static String tree() throws Exception {
    return shell("find " + PREFIX + " -printf '%M %U:%G %p\n' | sort");
  }

  private static String mapped(List<String> caller) throws Exception {
    List<String> watch = new ArrayList<>(caller);
    watch.addAll(List.of(PREFIX + "/bin/jnetns", "--netns-dir", "/run/nothing", "watch"));
    Map<String, String> jdk = Map.of("JAVA_HOME", System.getProperty("java.home"));
    try (Running running = Running.start(jdk, watch)) {
      Poll.until(
          () -> "its libraries: " + running,
          () -> Proc.text(running.pid(), "maps").contains("libjnidispatch"));
      return Proc.text(running.pid(), "maps");
    }
  }

  @Test
  void aTreeOfRootsThatWorksForAll() throws Exception {
    String before = tree();
    Run.of(INSTALL, "--prefix", PREFIX).mustSucceed();
    String once = tree();
    assertTrue(once.lines().allMatch(line -> line.matches(OF_ROOT)), once);
    for (String command : List.of("jnsenter", "jnetns")) {
      Run version = Run.of(PREFIX + "/bin/" + command, "--version").mustSucceed();
      assertTrue(version.out().startsWith(command + " from jnstools "), version::toString);
    }
    Run.of(PREFIX + "/bin/jnsenter", "-n", "-t", PID, "true").mustSucceed();
    String archive = PREFIX + "/lib/jnstools/archive/jnetns-" + Runtime.version().feature();
    assertTrue(mapped(List.of()).contains(archive));
    List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
    assertTrue(mapped(nobody).contains(archive));

    // As after one that was interrupted.
    String list = PREFIX + "/lib/jnstools/installed";
    shell("mv " + list + " /run/jnstools-install/installed");
    Run.of(INSTALL, "--prefix", PREFIX).mustSucceed();
    assertEquals(once, tree());
    shell("mv /run/jnstools-install/installed " + list);
    Run.of(INSTALL, "--prefix", PREFIX, "--uninstall").mustSucceed();
    assertEquals(before, tree());
    Run again = Run.of(INSTALL, "--prefix", PREFIX, "--uninstall");
    assertEquals("exited 1", again.status());
    assertEquals("install.sh: nothing is installed in " + PREFIX + "\n", again.err());
  }

  @Test
  void aDebianPackageThatIsPurged() throws Exception {
    String changed =
        "cd /run/jnstools-install/upper; find . -mindepth 1 ! -type d"
            + " ! -path './var/lib/dpkg/*' ! -path './var/log/*' ! -path './var/cache/man/*'"
            + " | sort";
    shell(
        "cd /run/jnstools-install; mkdir upper work root;"
            + " mount -t overlay overlay -o lowerdir=/,upperdir=upper,workdir=work root;"
            + " for each in proc dev sys; do mount --rbind /$each root/$each; done;"
            + " cp '"
            + Tools.PROJECT.resolve("target/jnstools.deb")
            + "' root/package");
    String chroot = "chroot /run/jnstools-install/root ";
    try {
      String before = shell(changed);
      shell(chroot + "dpkg --unpack /package");
      shell(chroot + "dpkg --configure jnstools");
      String files =
          shell(chroot + "find /usr/lib/jnstools /usr/bin/jnsenter -printf '%M %U:%G %p\n'");
      assertTrue(files.contains("/usr/lib/jnstools/archive/jnsenter-"), files);
      assertTrue(files.lines().allMatch(line -> line.matches(OF_ROOT)), files);
      shell(chroot + "jnsenter -n -t " + PID + " true");
      assertTrue(shell(chroot + "jnetns list").startsWith("NAME "));
      // As when a JDK is installed, or another version of it.
      shell("rm -r /run/jnstools-install/root/usr/lib/jnstools/archive");
      shell(chroot + "dpkg-trigger --by-package=jnstools /usr/lib/jvm");
      shell(chroot + "dpkg --configure --pending");
      assertTrue(shell(chroot + "ls /usr/lib/jnstools/archive").contains("jnetns-"));
      shell(chroot + "dpkg --purge jnstools");
      assertEquals(before, shell(changed));
      assertEquals("", shell(chroot + "find /usr /etc /var/lib/dpkg/info -name '*jnstools*'"));
    } finally {
      shell("cd /run/jnstools-install; umount -R -l root; rm -r upper work");
    }
  }
}
