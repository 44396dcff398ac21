package io.github.jnstools.firewall;

import com.grack.nanojson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which tables and hooks nftables has; not its rules, which are of another language.
 *
 * @param tables all of them
 * @param hooks the chains into which packets come by themselves
 */
public record NftTables(List<Name> tables, List<Hook> hooks) {
  private static final Set<String> OF_IPTABLES =
      Set.of("filter", "nat", "mangle", "raw", "security");

  public NftTables {
    tables = List.copyOf(tables);
    hooks = List.copyOf(hooks);
  }

  /**
   * A table.
   *
   * @param family {@code ip}, {@code ip6}, {@code inet}, {@code bridge}, {@code arp}, {@code
   *     netdev}
   * @param name its name
   */
  public record Name(String family, String name) {
    /** Whether it is what iptables-save prints. */
    public boolean isOfIptables() {
      return (family.equals("ip") || family.equals("ip6")) && OF_IPTABLES.contains(name);
    }

    /** Whether Docker made it. */
    public boolean isOfDocker() {
      return name.equals("docker-bridges");
    }

    @Override
    public String toString() {
      return family + " " + name;
    }
  }

  /**
   * A chain with a hook.
   *
   * @param table its table
   * @param chain its name
   * @param hook {@code forward}, {@code prerouting}, ...
   */
  public record Hook(Name table, String chain, String hook) {}

  /**
   * Parses what {@code nft -j list ruleset} prints.
   *
   * @throws MalformedException if it is something else; also nothing, as when nft crashed
   */
  public static NftTables parse(String text) throws MalformedException {
    PrintedJson json = new PrintedJson("nft -j list ruleset");
    JsonObject whole = json.object(text);
    if (!whole.has("nftables")) {
      throw json.wrong("no object nftables");
    }
    List<Name> tables = new ArrayList<>();
    List<Hook> hooks = new ArrayList<>();
    for (JsonObject one : PrintedJson.inners(whole, "nftables")) {
      if (one.has("table")) {
        JsonObject table = PrintedJson.inner(one, "table");
        tables.add(new Name(json.text(table, "family"), json.text(table, "name")));
      }
      JsonObject chain = PrintedJson.inner(one, "chain");
      Optional<String> hook = PrintedJson.some(chain, "hook");
      if (hook.isPresent()) {
        Name table = new Name(json.text(chain, "family"), json.text(chain, "table"));
        hooks.add(new Hook(table, json.text(chain, "name"), hook.get()));
      }
    }
    return new NftTables(tables, hooks);
  }

  /** Whether Docker's own tables are there. */
  public boolean hasDocker() {
    return tables.stream().anyMatch(Name::isOfDocker);
  }

  /** The hooks of others: what decides besides the rules of iptables and of Docker. */
  public List<Hook> foreign() {
    return hooks.stream()
        .filter(hook -> !hook.table().isOfIptables() && !hook.table().isOfDocker())
        .toList();
  }
}
