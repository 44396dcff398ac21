package io.github.jnstools.netns;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What an RTM_NEWLINK message says of one interface.
 *
 * @param index its number in its network namespace
 * @param up whether it was set up
 * @param name its name
 * @param alternativeNames its further names
 * @param operState see {@link NetnsView.Interface}
 * @param mac see {@link NetnsView.Interface}
 * @param mtu see {@link NetnsView.Interface}
 * @param kind see {@link NetnsView.Interface}
 * @param peerIndex the number of the interface that it is tied to; 0 for none
 * @param peerNsid the other namespace in which that one is
 * @param masterIndex the number of the bridge, bond or VRF that it belongs to; 0 for none
 */
record Link(
    int index,
    boolean up,
    String name,
    List<String> alternativeNames,
    String operState,
    String mac,
    int mtu,
    String kind,
    int peerIndex,
    OptionalInt peerNsid,
    int masterIndex) {
  private static final int RTM_NEWLINK = 16;
  private static final int IFINFOMSG = 16;
  private static final int IFF_UP = 1;
  private static final int IFLA_ADDRESS = 1;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_MTU = 4;
  private static final int IFLA_LINK = 5;
  private static final int IFLA_MASTER = 10;
  private static final int IFLA_OPERSTATE = 16;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_LINK_NETNSID = 37;
  private static final int IFLA_PROP_LIST = 52;
  private static final int IFLA_ALT_IFNAME = 53;
  private static final String[] OPER_STATES = {
    "UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP"
  };

  /**
   * Parses the list of a namespace's interfaces: by their numbers.
   *
   * @throws IllegalArgumentException if something is cut off, or has no name
   */
  static Map<Integer, Link> parseAll(List<Message> messages) {
    Map<Integer, Link> links = new TreeMap<>();
    for (Message message : messages) {
      if (message.type() == RTM_NEWLINK) {
        Link link = parse(message);
        links.put(link.index, link);
      }
    }
    return links;
  }

  private static Link parse(Message message) {
    // struct ifinfomsg: family, padding, type (16 bits), index, flags, change
    int index = message.header(IFINFOMSG).getInt(4);
    boolean up = (message.payload().getInt(8) & IFF_UP) != 0;
    String name = null;
    List<String> alternativeNames = List.of();
    String operState = "UNKNOWN";
    String mac = "";
    int mtu = 0;
    String kind = "";
    int peerIndex = 0;
    OptionalInt peerNsid = OptionalInt.empty();
    int masterIndex = 0;
    Attributes attributes = message.attributes(IFINFOMSG);
    while (attributes.next()) {
      switch (attributes.type()) {
        case IFLA_IFNAME -> name = attributes.text();
        case IFLA_PROP_LIST -> alternativeNames = texts(attributes.nested(), IFLA_ALT_IFNAME);
        case IFLA_OPERSTATE -> operState = operState(attributes.octet());
        case IFLA_ADDRESS -> mac = mac(attributes.octets());
        case IFLA_MTU -> mtu = attributes.number();
        case IFLA_LINKINFO -> kind = String.join("", texts(attributes.nested(), IFLA_INFO_KIND));
        case IFLA_LINK -> peerIndex = attributes.number();
        case IFLA_LINK_NETNSID -> peerNsid = OptionalInt.of(attributes.number());
        case IFLA_MASTER -> masterIndex = attributes.number();
        default -> {}
      }
    }
    if (name == null) {
      throw new IllegalArgumentException("the kernel's answer has an interface without a name");
    }
    return new Link(
        index,
        up,
        name,
        alternativeNames,
        operState,
        mac,
        mtu,
        kind,
        peerIndex,
        peerNsid,
        masterIndex);
  }

  /**
   * Whether this interface and one of another namespace are the two ends of a pair.
   *
   * @param other an interface of that namespace
   * @param nsid the number by which this interface's namespace knows that one
   */
  boolean isPeerOf(Link other, int nsid) {
    // Numbers of interfaces repeat across namespaces, and either side alone may name a third one.
    return other.peerNsid.isPresent()
        && other.peerIndex == index
        && peerIndex == other.index
        && peerNsid.equals(OptionalInt.of(nsid));
  }

  private static List<String> texts(Attributes attributes, int type) {
    List<String> texts = new ArrayList<>();
    while (attributes.next()) {
      if (attributes.type() == type) {
        texts.add(attributes.text());
      }
    }
    return List.copyOf(texts);
  }

  private static String operState(int number) {
    return number >= 0 && number < OPER_STATES.length
        ? OPER_STATES[number]
        : Integer.toString(number & 0xff);
  }

  private static String mac(byte[] octets) {
    StringBuilder text = new StringBuilder(3 * octets.length);
    for (byte octet : octets) {
      if (text.length() > 0) {
        text.append(':');
      }
      text.append(Character.forDigit(octet >> 4 & 15, 16))
          .append(Character.forDigit(octet & 15, 16));
    }
    return text.toString();
  }
}
