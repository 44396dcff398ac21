package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.container.DockerHost;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** This host, asked by its own programs and by its Docker daemon's interface. */
final class LiveHost implements HostTexts {
  private static final String INSTALL_IPTABLES = "install iptables, which Docker uses";
  private static final String INSTALL_IPROUTE = "install iproute2";

  /** Absent as long as the module br_netfilter is: then packets within a bridge pass no rules. */
  private static final List<String> BRIDGE_SETTINGS =
      List.of("net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables");

  private static final Path DAEMON = Path.of("/etc/docker/daemon.json");
  private static final String LEGACY_WARNING = "legacy tables present";

  private DockerHost.Answers docker;

  @Override
  public Optional<String> read(HostText text) throws IOException {
    return switch (text) {
      case RULES -> Optional.of(rules("iptables"));
      case RULES_V6 -> Optional.of(rules("ip6tables"));
      case OTHER_RULES -> otherRules("iptables");
      case OTHER_RULES_V6 -> otherRules("ip6tables");
      case NFT -> Optional.of(nft());
      case SETS -> sets();
      case ADDRESSES -> Optional.of(ip("addr"));
      case LINKS -> Optional.of(ip("-d", "link"));
      case ROUTES ->
          Optional.of(
              ip("-4", "route", "show", "table", "all")
                  + ip("-6", "route", "show", "table", "all"));
      case ROUTING_RULES -> Optional.of(ip("-4", "rule"));
      case SOCKETS -> Optional.of(SystemTool.require("ss", INSTALL_IPROUTE).run("-Hlntu").out());
      case SYSCTLS -> Optional.of(settings());
      case NETWORKS -> Optional.of(docker().networks());
      case CONTAINERS -> Optional.of(docker().containers());
      case VERSION -> Optional.of(docker().version());
      case INFO -> Optional.of(docker().info());
      case DAEMON ->
          Files.notExists(DAEMON) ? Optional.empty() : Optional.of(Files.readString(DAEMON));
    };
  }

  private DockerHost.Answers docker() throws IOException {
    if (docker == null) {
      docker = DockerHost.ofHost().ask();
    }
    return docker;
  }

  /** Of two backends the one that is asked only warns of the rules of the other. */
  private static String rules(String command) throws IOException {
    SystemTool.Output output = SystemTool.require(command + "-save", INSTALL_IPTABLES).run("-c");
    boolean warned = output.err().contains(LEGACY_WARNING);
    if (warned && SystemTool.find(command + "-legacy-save").isEmpty()) {
      throw new NamespaceException(
          "run",
          command + "-save",
          "there are rules of " + command + "-legacy, too, and no " + command + "-legacy-save",
          "install all of iptables");
    }
    return output.out();
  }

  private static Optional<String> otherRules(String command) throws IOException {
    boolean nft =
        SystemTool.require(command, INSTALL_IPTABLES).run("--version").out().contains("nf_tables");
    Optional<SystemTool> other = SystemTool.find(command + (nft ? "-legacy-save" : "-nft-save"));
    return other.isEmpty() ? Optional.empty() : Optional.of(other.get().run("-c").out());
  }

  private static String nft() throws IOException {
    return SystemTool.require("nft", "install nftables: only nft shows all rules that there are")
        .run("-j", "list", "ruleset")
        .out();
  }

  private static Optional<String> sets() throws IOException {
    Optional<SystemTool> ipset = SystemTool.find("ipset");
    return ipset.isEmpty() ? Optional.empty() : Optional.of(ipset.get().run("save").out());
  }

  private static String ip(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("-j"));
    all.addAll(List.of(arguments));
    return SystemTool.require("ip", INSTALL_IPROUTE).run(all.toArray(new String[0])).out();
  }

  private static String settings() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String setting : List.of("net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding")) {
      if (new File("/proc/sys", setting).exists()) {
        add(text, setting, setting(setting));
      }
    }
    for (String setting : BRIDGE_SETTINGS) {
      add(text, setting, new File("/proc/sys", setting).exists() ? setting(setting) : "0");
    }
    String[] devices = new File("/proc/sys/net/ipv4/conf").list();
    if (devices == null) {
      throw new NamespaceException("open", "/proc/sys/net/ipv4/conf", "not readable", null);
    }
    Arrays.sort(devices);
    for (String device : devices) {
      for (String name : List.of("route_localnet", "rp_filter")) {
        String setting = "net/ipv4/conf/" + device + "/" + name;
        // An interface may go at any time.
        if (new File("/proc/sys", setting).exists()) {
          text.append("net.ipv4.conf.").append(device).append('.').append(name);
          text.append(" = ").append(setting(setting)).append('\n');
        }
      }
    }
    return text.toString();
  }

  private static void add(StringBuilder text, String setting, String value) {
    text.append(setting.replace('/', '.')).append(" = ").append(value).append('\n');
  }

  private static String setting(String setting) throws IOException {
    byte[] bytes = Files.readAllBytes(Path.of("/proc/sys", setting));
    return new String(bytes, StandardCharsets.US_ASCII).strip();
  }
}
