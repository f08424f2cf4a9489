import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.util.JsonFormat;
import holdfast.options.v1.Options;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics from beginning to present end, prints one JSON line an event: java ReadEvents BROKERS TOPIC... */
public class ReadEvents {
  private static final List<FileDescriptor> FILES =
      List.of(
          holdfast.accounts.v1.Events.getDescriptor(),
          holdfast.contracts.v1.Events.getDescriptor(),
          holdfast.notifications.v1.Events.getDescriptor(),
          holdfast.tickets.v1.Events.getDescriptor());

  public static void main(String[] arguments) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", arguments[0], "auto.offset.reset", "earliest");
    var types = eventTypes();
    try (var consumer =
        new KafkaConsumer<String, CloudEvent>(settings, new StringDeserializer(), new CloudEventDeserializer())) {
      for (var topic : List.of(arguments).subList(1, arguments.length)) {
        var partitions = consumer.partitionsFor(topic);
        for (var partition : partitions) {
          read(consumer, new TopicPartition(topic, partition.partition()), partitions.size(), types);
        }
      }
    }
  }

  private static void read(
      KafkaConsumer<String, CloudEvent> consumer, TopicPartition partition, int partitions,
      Map<String, Descriptor> types) throws Exception {
    var one = List.of(partition);
    consumer.assign(one);
    consumer.seekToBeginning(one);
    long end = consumer.endOffsets(one).get(partition);
    while (consumer.position(partition) < end) {
      for (var entry : consumer.poll(Duration.ofSeconds(1))) print(entry, partitions, types);
    }
  }

  /** By the event option on the messages, as the .proto files have it. */
  private static Map<String, Descriptor> eventTypes() {
    var types = new HashMap<String, Descriptor>();
    for (var file : FILES) {
      for (var message : file.getMessageTypes()) {
        var rule = message.getOptions().getExtension(Options.event);
        types.put("holdfast." + rule.getName() + ".v1", message);
      }
    }
    return types;
  }

  private static void print(ConsumerRecord<String, CloudEvent> entry, int partitions, Map<String, Descriptor> types)
      throws Exception {
    var event = entry.value();
    var data = DynamicMessage.parseFrom(types.get(event.getType()), event.getData().toBytes());
    int javas = BuiltInPartitioner.partitionForKey(entry.key().getBytes(StandardCharsets.UTF_8), partitions);
    System.out.printf(
        "{\"topic\":\"%s\",\"partition\":%d,\"javasPartition\":%d,\"key\":\"%s\",\"specversion\":\"%s\","
            + "\"id\":\"%s\",\"type\":\"%s\",\"source\":\"%s\",\"sequence\":\"%s\",\"agency\":\"%s\","
            + "\"partitionkey\":\"%s\",\"data\":%s}%n",
        entry.topic(), entry.partition(), javas, entry.key(), event.getSpecVersion(), event.getId(), event.getType(),
        event.getSource(), event.getExtension("sequence"), event.getExtension("agency"),
        event.getExtension("partitionkey"), JsonFormat.printer().omittingInsignificantWhitespace().print(data));
  }
}
