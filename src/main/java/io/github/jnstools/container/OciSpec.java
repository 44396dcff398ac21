package io.github.jnstools.container;

import com.grack.nanojson.JsonArray;
import com.grack.nanojson.JsonObject;
import io.github.jnstools.NamespaceException;

/**
 * What is needed of the configuration that an engine gives to the OCI runtime: {@code config.json}
 * of a bundle.
 *
 * @param annotations texts by name
 * @param ownNetwork false if the container is in the host's network namespace
 * @param networkPath the network namespace to join; "" for a new one
 */
record OciSpec(JsonObject annotations, boolean ownNetwork, String networkPath) {

  /** The configuration at a path, or null. */
  static OciSpec read(HostFiles files, String path) throws NamespaceException {
    JsonObject json = files.object(path);
    if (json == null) {
      return null;
    }
    JsonObject linux = json.getObject("linux", new JsonObject());
    JsonArray namespaces = linux.getArray("namespaces", new JsonArray());
    JsonObject annotations = json.getObject("annotations", new JsonObject());
    for (int i = 0; i < namespaces.size(); i++) {
      JsonObject namespace = namespaces.getObject(i, new JsonObject());
      if (namespace.getString("type", "").equals("network")) {
        return new OciSpec(annotations, true, namespace.getString("path", ""));
      }
    }
    return new OciSpec(annotations, false, "");
  }

  /** An annotation, or "". */
  String annotation(String name) {
    return annotations.getString(name, "");
  }

  /** The process whose network namespace is joined, or 0: {@code /proc/4711/ns/net}. */
  int networkProcess() {
    int end = networkPath.indexOf("/ns/net");
    if (!networkPath.startsWith("/proc/") || end < 0) {
      return 0;
    }
    try {
      return Integer.parseInt(networkPath.substring("/proc/".length(), end));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
