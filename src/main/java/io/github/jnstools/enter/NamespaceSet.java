package io.github.jnstools.enter;

import io.github.jnstools.NamespaceType;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Open namespaces, at most one of a type, in the order in which they are joined. Immutable; owns
 * its handles.
 */
public final class NamespaceSet implements AutoCloseable, Iterable<Namespace> {
  private final Map<NamespaceType, Namespace> namespaces = new EnumMap<>(NamespaceType.class);

  private NamespaceSet(Collection<Namespace> handles) {
    for (Namespace namespace : handles) {
      if (namespaces.put(namespace.id().type(), namespace) != null) {
        throw new IllegalArgumentException("two namespaces of type " + namespace.id().type());
      }
    }
  }

  /**
   * These handles; the set closes them.
   *
   * @throws IllegalArgumentException if two are of the same type
   */
  public static NamespaceSet of(Namespace... namespaces) {
    return new NamespaceSet(List.of(namespaces));
  }

  /** These handles; the set closes them. */
  public static NamespaceSet of(Collection<Namespace> namespaces) {
    return new NamespaceSet(namespaces);
  }

  /** The types in it. */
  public Set<NamespaceType> types() {
    return Collections.unmodifiableSet(namespaces.keySet());
  }

  /** The namespace of a type. */
  public Optional<Namespace> get(NamespaceType type) {
    return Optional.ofNullable(namespaces.get(type));
  }

  @Override
  public Iterator<Namespace> iterator() {
    return namespaces.values().iterator();
  }

  @Override
  public void close() {
    for (Namespace namespace : namespaces.values()) {
      namespace.close();
    }
  }
}
