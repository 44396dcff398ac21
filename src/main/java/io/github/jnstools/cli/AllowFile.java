package io.github.jnstools.cli;

import io.github.jnstools.NamespaceException;
import io.github.jnstools.firewall.AddressRange;
import io.github.jnstools.firewall.AllowList;
import io.github.jnstools.firewall.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A whole allow-list as YAML, for people to write and to review:
 *
 * <pre>{@code
 * ports:
 *   8080/tcp: [10.0.0.0/8, 192.168.1.1-192.168.1.3]
 *   53/udp: []       # nobody
 * all: ['fd00::/8']  # the ports without a list of their own
 * }</pre>
 *
 * <p>Whatever it does not know is refused: a word that is misspelt would open ports.
 */
final class AllowFile {
  private static final String PORTS = "ports";
  private static final String ALL = "all";

  private final String name;

  private AllowFile(String name) {
    this.name = name;
  }

  /**
   * The list in a text.
   *
   * @param name of the file, for messages
   * @throws NamespaceException if it is not such a list, with the line
   */
  static AllowList parse(String name, String text) throws NamespaceException {
    AllowFile file = new AllowFile(name);
    return file.list(file.root(text));
  }

  private Node root(String text) throws NamespaceException {
    Optional<Node> root;
    try {
      root = new Compose(LoadSettings.builder().setLabel(name).build()).composeString(text);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw wrong(line, "not YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw wrong(1, "not YAML: " + e.getMessage().lines().findFirst().orElse(""));
    }
    if (root.isEmpty()) {
      throw wrong(1, "nothing in it; {} removes all lists");
    }
    return root.get();
  }

  private AllowList list(Node root) throws NamespaceException {
    SortedMap<HostPort, SortedSet<AddressRange>> ports = new TreeMap<>();
    Optional<SortedSet<AddressRange>> all = Optional.empty();
    for (Map.Entry<String, Node> each : members(root, "the file", key -> key).entrySet()) {
      if (each.getKey().equals(PORTS)) {
        Map<HostPort, Node> lists = members(each.getValue(), PORTS, HostPort::parse);
        for (Map.Entry<HostPort, Node> list : lists.entrySet()) {
          ports.put(list.getKey(), sources(list.getValue(), "port " + list.getKey()));
        }
      } else if (each.getKey().equals(ALL)) {
        all = Optional.of(sources(each.getValue(), ALL));
      } else {
        throw wrong(
            line(each.getValue()), "'" + each.getKey() + "' is none of " + PORTS + ", " + ALL);
      }
    }
    return new AllowList(all, ports);
  }

  private <K> Map<K, Node> members(Node node, String what, Function<String, K> parser)
      throws NamespaceException {
    if (!(node instanceof MappingNode mapping) || isTagged(node)) {
      throw wrong(line(node), what + " should have members, as in 'all: [10.0.0.1]'");
    }
    Map<K, Node> members = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      K key = scalar(tuple.getKeyNode(), "a name in " + what, parser);
      if (members.put(key, tuple.getValueNode()) != null) {
        throw wrong(line(tuple.getKeyNode()), key + " is there twice");
      }
    }
    return members;
  }

  private SortedSet<AddressRange> sources(Node node, String what) throws NamespaceException {
    if (!(node instanceof SequenceNode sequence) || isTagged(node)) {
      throw wrong(line(node), what + " should have a list of addresses, as in [10.0.0.1]");
    }
    SortedSet<AddressRange> sources = new TreeSet<>();
    for (Node each : sequence.getValue()) {
      AddressRange source = scalar(each, "an address of " + what, AddressRange::parse);
      if (!sources.add(source)) {
        throw wrong(line(each), source + " is there twice");
      }
    }
    return sources;
  }

  private <T> T scalar(Node node, String what, Function<String, T> parser)
      throws NamespaceException {
    if (!(node instanceof ScalarNode scalar) || isTagged(node)) {
      throw wrong(line(node), what + " should be one word");
    }
    try {
      return parser.apply(scalar.getValue());
    } catch (IllegalArgumentException e) {
      throw wrong(line(node), e.getMessage());
    }
  }

  /** Whether it has a type that YAML does not know, which we do not, either. */
  private static boolean isTagged(Node node) {
    return !node.getTag().getValue().startsWith("tag:yaml.org,2002:");
  }

  private static int line(Node node) {
    return node.getStartMark().orElseThrow().getLine() + 1;
  }

  private NamespaceException wrong(int line, String reason) {
    return new NamespaceException("read", name + ":" + line, reason, null);
  }

  /** What {@link #parse} makes the same list of. */
  static String text(AllowList list) {
    Map<String, Object> root = new LinkedHashMap<>();
    if (!list.ports().isEmpty()) {
      Map<String, List<String>> ports = new LinkedHashMap<>();
      list.ports().forEach((port, sources) -> ports.put(port.toString(), words(sources)));
      root.put(PORTS, ports);
    }
    list.all().ifPresent(sources -> root.put(ALL, words(sources)));
    DumpSettings settings =
        DumpSettings.builder()
            .setDefaultFlowStyle(FlowStyle.BLOCK)
            .setIndicatorIndent(2)
            .setIndentWithIndicator(true)
            .build();
    return new Dump(settings).dumpToString(root);
  }

  private static List<String> words(SortedSet<AddressRange> sources) {
    List<String> words = new ArrayList<>();
    sources.forEach(source -> words.add(source.toString()));
    return words;
  }
}
