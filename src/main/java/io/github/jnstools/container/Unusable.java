package io.github.jnstools.container;

import io.github.jnstools.NamespaceException;
import java.util.List;

/** An engine that the user's settings name and that cannot serve here. */
record Unusable(String name, String where, String reason, String hint) implements Engine {

  @Override
  public boolean present() {
    return true;
  }

  @Override
  public List<Known> find(String reference) throws NamespaceException {
    throw new NamespaceException(name, where, reason, hint);
  }

  @Override
  public List<Known> running() throws NamespaceException {
    throw new NamespaceException(name, where, reason, hint);
  }
}
