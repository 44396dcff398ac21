package io.github.jnstools.netns;

import io.github.jnstools.netns.NetnsView.Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What RTM_NEWADDR messages say of IP addresses. */
final class IpAddresses {
  private static final int RTM_NEWADDR = 20;
  private static final int IFADDRMSG = 8;
  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;
  private static final int IFA_ADDRESS = 1;
  private static final int IFA_LOCAL = 2;

  private IpAddresses() {}

  /**
   * Parses the list of a namespace's addresses: by the numbers of the interfaces that have them.
   *
   * @throws IllegalArgumentException if something is cut off, or is no address
   */
  static Map<Integer, List<Address>> parseAll(List<Message> messages) {
    Map<Integer, List<Address>> addresses = new HashMap<>();
    for (Message message : messages) {
      if (message.type() == RTM_NEWADDR) {
        // struct ifaddrmsg: family, prefix length, flags, scope (8 bits each), index
        ByteBuffer header = message.header(IFADDRMSG);
        int family = header.get(0);
        if (family == AF_INET || family == AF_INET6) {
          int index = header.getInt(4);
          List<Address> those = addresses.get(index);
          if (those == null) {
            those = new ArrayList<>();
            addresses.put(index, those);
          }
          those.add(parse(message, family));
        }
      }
    }
    return addresses;
  }

  private static Address parse(Message message, int family) {
    String local = null;
    String other = null;
    Attributes attributes = message.attributes(IFADDRMSG);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFA_LOCAL -> local = text(attributes.octets(), family);
        case IFA_ADDRESS -> other = text(attributes.octets(), family);
        default -> {}
      }
    }
    // Of IPv6 the kernel sends the local address apart only if there is another end.
    if (local == null) {
      local = other;
    }
    if (local == null) {
      throw new IllegalArgumentException("the kernel's answer has an address that is missing");
    }
    Optional<String> peer =
        other == null || other.equals(local) ? Optional.empty() : Optional.of(other);
    int prefix = message.payload().get(1) & 0xff;
    return new Address(local, prefix, scope(message.payload().get(3) & 0xff), peer);
  }

  private static String scope(int number) {
    return switch (number) {
      case 0 -> "global";
      case 200 -> "site";
      case 253 -> "link";
      case 254 -> "host";
      case 255 -> "nowhere";
      default -> Integer.toString(number);
    };
  }

  private static String text(byte[] octets, int family) {
    if (octets.length != (family == AF_INET ? 4 : 16)) {
      throw new IllegalArgumentException(
          "the kernel's answer has an address of " + octets.length + " bytes");
    }
    StringBuilder text = new StringBuilder(40);
    if (family == AF_INET) {
      appendDotted(text, octets, 0);
    } else {
      appendColons(text, octets);
    }
    return text.toString();
  }

  private static void appendDotted(StringBuilder text, byte[] octets, int start) {
    for (int i = start; i < start + 4; i++) {
      if (i > start) {
        text.append('.');
      }
      text.append(octets[i] & 0xff);
    }
  }

  /** As inet_ntop(3), which RFC 5952 recommends: the first of the longest runs of zeros is cut. */
  private static void appendColons(StringBuilder text, byte[] octets) {
    int cut = 8;
    int cutLength = 1;
    int run = 0;
    for (int i = 0; i < 8; i++) {
      run = word(octets, i) == 0 ? run + 1 : 0;
      if (run > cutLength) {
        cutLength = run;
        cut = i + 1 - run;
      }
    }
    boolean holdsIpv4 = cut == 0 && (cutLength == 6 || cutLength == 5 && word(octets, 5) == 0xffff);
    for (int i = 0; i < 8; i++) {
      if (i == cut) {
        text.append("::");
        i += cutLength - 1;
      } else if (i == 6 && holdsIpv4) {
        appendDotted(separated(text), octets, 12);
        return;
      } else {
        separated(text).append(Integer.toHexString(word(octets, i)));
      }
    }
  }

  private static StringBuilder separated(StringBuilder text) {
    int length = text.length();
    return length == 0 || text.charAt(length - 1) == ':' ? text : text.append(':');
  }

  private static int word(byte[] octets, int i) {
    return (octets[2 * i] & 0xff) << 8 | octets[2 * i + 1] & 0xff;
  }
}
