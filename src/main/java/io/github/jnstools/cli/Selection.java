package io.github.jnstools.cli;

import io.github.jnstools.Errno;
import io.github.jnstools.NamespaceException;
import io.github.jnstools.NamespaceType;
import io.github.jnstools.OsString;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.NamespaceSet;
import io.github.jnstools.enter.Target;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The target process and the namespaces that options select, open. */
final class Selection implements AutoCloseable {
  private static final Set<String> NEEDY =
      Set.of(
          "--all",
          "--net-socket",
          "--user-parent",
          "--env",
          "--join-cgroup",
          "--follow-caps",
          "--follow-context");
  private static final Set<String> FOLLOWING = Set.of("--setuid", "--setgid");
  // Without a value these mean something else than "the target's".
  private static final Set<String> OWN_DEFAULT = Set.of("--wdns", "--kill-child");

  private final Options options;
  private final Map<NamespaceType, Namespace> namespaces = new EnumMap<>(NamespaceType.class);
  private Target target;

  private Selection(Options options) {
    this.options = options;
  }

  /** Opens all that the options name; nothing stays open if that fails. */
  static Selection of(Options options) throws NamespaceException, UsageException {
    Selection selection = new Selection(options);
    boolean complete = false;
    try {
      selection.open();
      complete = true;
      return selection;
    } finally {
      if (!complete) {
        selection.close();
      }
    }
  }

  /** The target; null if none is named. */
  Target target() {
    return target;
  }

  /** The namespaces; this selection closes them. */
  NamespaceSet namespaces() {
    return NamespaceSet.of(namespaces.values());
  }

  boolean isEmpty() {
    return namespaces.isEmpty();
  }

  boolean has(NamespaceType type) {
    return namespaces.containsKey(type);
  }

  private void open() throws NamespaceException, UsageException {
    List<NamespaceType> ofTarget = new ArrayList<>();
    for (NamespaceType type : NamespaceType.values()) {
      String name = option(type);
      if (options.has(name)) {
        List<String> values = options.values(name);
        if (options.isOfTarget(name)) {
          ofTarget.add(type);
        } else {
          namespaces.put(type, atFile(type, values.get(values.size() - 1)));
        }
      }
    }
    if (options.has("--mount-proc")
        && !namespaces.containsKey(NamespaceType.PID)
        && !ofTarget.contains(NamespaceType.PID)) {
      ofTarget.add(NamespaceType.PID);
    }
    openTarget();
    if (options.has("--all")) {
      addAll(ofTarget);
    }
    for (Namespace namespace :
        target == null ? List.<Namespace>of() : target.namespaces(ofTarget)) {
      namespaces.put(namespace.id().type(), namespace);
    }
    if (options.has("--net-socket")) {
      long number = Numbers.parse(options.last("--net-socket"), "descriptor", 0, Integer.MAX_VALUE);
      replace(target.socketNamespace((int) number));
    }
    if (options.has("--user-parent")) {
      if (!namespaces.containsKey(NamespaceType.USER)) {
        namespaces.put(NamespaceType.USER, target.namespace(NamespaceType.USER));
      }
      replace(namespaces.get(NamespaceType.USER).owner());
    }
  }

  private void replace(Namespace namespace) {
    Namespace before = namespaces.put(namespace.id().type(), namespace);
    if (before != null) {
      before.close();
    }
  }

  private static Namespace atFile(NamespaceType type, String file)
      throws NamespaceException, UsageException {
    if (file.startsWith(":")) {
      return Namespace.withId(type, Numbers.parse(file.substring(1), "namespace id", 1, -1));
    }
    return Namespace.at(type, OsString.ofLatin1(file));
  }

  private void openTarget() throws NamespaceException, UsageException {
    if (options.has("--target")) {
      String text = options.last("--target");
      int colon = text.indexOf(':');
      String number = colon < 0 ? text : text.substring(0, colon);
      // No engine gives a container a name that begins otherwise.
      if (!number.isEmpty()
          && Character.isLetterOrDigit(number.charAt(0))
          && !Numbers.isDecimal(number)) {
        target = Containers.pin(Containers.resolve(text));
        return;
      }
      target = Target.of((int) Numbers.parse(number, "PID", 1, Integer.MAX_VALUE));
      if (colon >= 0) {
        requireInode(Numbers.parse(text.substring(colon + 1), "pidfd inode", 1, -1));
      }
      return;
    }
    String needy = needy();
    if (needy != null) {
      throw new UsageException("no target PID specified for " + needy);
    }
  }

  /** An option that takes something from the target; null if none does. */
  private String needy() {
    for (String name : options.names()) {
      boolean follows = FOLLOWING.contains(name) && options.last(name).equals("follow");
      boolean ofTarget = options.isOfTarget(name) && !OWN_DEFAULT.contains(name);
      if (NEEDY.contains(name) || follows || ofTarget) {
        return name;
      }
    }
    return options.has("--mount-proc") && !options.has("--pid") ? "--mount-proc" : null;
  }

  private void requireInode(long inode) throws NamespaceException {
    if (target.pidfdInode() != inode) {
      throw new NamespaceException(
          "target",
          target.pid() + ":" + Long.toUnsignedString(inode),
          "the pid belongs to another process now",
          "look the process up again");
    }
  }

  /** All that this kernel has, but not the user namespace that the caller is in already. */
  private void addAll(List<NamespaceType> ofTarget) throws NamespaceException {
    for (NamespaceType type : NamespaceType.values()) {
      if (ofTarget.contains(type) || namespaces.containsKey(type)) {
        continue;
      }
      try (Namespace own = Namespace.ofThread(type)) {
        boolean skip = false;
        if (type == NamespaceType.USER) {
          try (Namespace theirs = target.namespace(type)) {
            skip = theirs.id().equals(own.id());
          }
        }
        if (!skip) {
          ofTarget.add(type);
        }
      } catch (NamespaceException e) {
        if (!e.is(Errno.ENOENT)) {
          throw e;
        }
      }
    }
  }

  private static String option(NamespaceType type) {
    return type == NamespaceType.MNT ? "--mount" : "--" + type.procName();
  }

  @Override
  public void close() {
    for (Namespace namespace : namespaces.values()) {
      namespace.close();
    }
    if (target != null) {
      target.close();
    }
  }
}
