import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node inside this process until it is told to end. The first argument is
 * the folder that holds modules and data, each further one a setting as key=value.
 */
final class Launch {
  public static void main(String[] args) throws Exception {
    var home = Path.of(args[0]).toRealPath();
    Map<String, String> given =
        Arrays.stream(args)
            .skip(1)
            .map(a -> a.split("=", 2))
            .collect(Collectors.toMap(kv -> kv[0], kv -> kv[1], (first, last) -> last));

    // There is no log4j file as in the packaged server: warnings go to standard output.
    LogConfigurator.configureWithoutConfig(
        Settings.builder().put("logger.level", "WARN").build());

    var settings = Settings.builder().put("path.home", home.toString());
    given.forEach(settings::put);
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(
            settings.build(), Map.of(), Files.createDirectories(home.resolve("config")), () -> "test");
    var modules = PluginsLoader.loadModulesBundles(environment.modulesDir());

    var ended = new CountDownLatch(1);
    var node = new Node(environment, PluginsLoader.createPluginsLoader(modules, Set.of(), Map.of()));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, ended), "stop"));
    node.start();
    ended.await();
  }

  private static void stop(Node node, CountDownLatch ended) {
    try {
      node.close();
    } catch (Exception e) {
      System.err.println("stop Elasticsearch: " + e);
    } finally {
      ended.countDown();
    }
  }
}
