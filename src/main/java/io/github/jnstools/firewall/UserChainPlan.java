package io.github.jnstools.firewall;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * DOCKER-USER of a host as it should be, and nothing else of its rules.
 *
 * @param firewall the host as it is
 * @param wanted the chains that should be there, each in the place of one that is there
 */
public record UserChainPlan(DockerFirewall firewall, SortedMap<IpFamily, UserChain> wanted) {

  public UserChainPlan {
    wanted = Collections.unmodifiableSortedMap(new TreeMap<>(wanted));
  }

  /** The chain as it is. */
  public UserChain before(IpFamily family) {
    return UserChain.of(firewall.rules(), family).orElseThrow();
  }

  /** Those of the wanted chains that are not there yet: what has to be written. */
  public SortedMap<IpFamily, UserChain> due() {
    SortedMap<IpFamily, UserChain> due = new TreeMap<>();
    for (Map.Entry<IpFamily, UserChain> each : wanted.entrySet()) {
      if (!each.getValue().isSameAs(Optional.of(before(each.getKey())))) {
        due.put(each.getKey(), each.getValue());
      }
    }
    return due;
  }

  /** The rules that are there afterwards. */
  public FirewallChange change() {
    HostRules rules = firewall.rules();
    for (Map.Entry<IpFamily, UserChain> each : wanted.entrySet()) {
      Ruleset ruleset = rules.of(each.getKey()).orElseThrow();
      rules =
          rules.with(
              each.getKey(),
              ruleset.with(UserChain.TABLE, UserChain.NAME, each.getValue().rules()));
    }
    return FirewallChange.of(firewall, rules);
  }
}
