import io.github.jnstools.NamespaceType;
import io.github.jnstools.enter.Namespace;
import io.github.jnstools.enter.Target;

public class Example {
  public static void main(String[] arguments) throws Exception {
    try (Target target = Target.of(Integer.parseInt(arguments[0]));
        Namespace net = target.namespace(NamespaceType.NET)) {
      System.out.println(net.id());
    }
  }
}
