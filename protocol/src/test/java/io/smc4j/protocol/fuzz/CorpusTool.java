package io.smc4j.protocol.fuzz;

import io.smc4j.protocol.MessageGenerator;
import io.smc4j.protocol.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Writes the corpus anew: for every kind the shortest input found for each thing that its decoder can answer. Not a test.
 *
 * <p>Arguments: the folder to write, usually {@code src/test/resources/fuzz-corpus}, and how many inputs to try for each kind.
 */
final class CorpusTool {
    private CorpusTool() {}

    public static void main(String[] args) throws IOException {
        Path folder = Files.createDirectories(Path.of(args[0]));
        long inputs = Long.parseLong(args[1]);
        for (MessageKind kind : MessageKind.values()) {
            Map<String, byte[]> found = collect(kind, inputs);
            StringBuilder text = new StringBuilder();
            found.forEach((answer, input) -> text.append("# ")
                    .append(answer)
                    .append('\n')
                    .append(HexFormat.of().formatHex(input))
                    .append('\n'));
            Files.writeString(folder.resolve(kind + ".hex"), text);
            System.out.println(kind + ": " + found.size() + " answers");
        }
    }

    private static Map<String, byte[]> collect(MessageKind kind, long inputs) {
        SplittableRandom random = Seeds.random("corpus " + kind);
        MessageGenerator generator = new MessageGenerator(random.split());
        Mutator mutator = new Mutator(random.split());
        List<byte[]> seeds = new ArrayList<>(Corpus.of(kind));
        Map<String, byte[]> found = new TreeMap<>();
        seeds.forEach(seed -> keep(kind, seed, found));
        for (long i = 0; i < inputs; i++) {
            if (i % 100 == 0) {
                seeds.set(random.nextInt(seeds.size()), kind.valid(generator));
            }
            byte[] input =
                    mutator.mutate(seeds.get(random.nextInt(seeds.size())), seeds.get(random.nextInt(seeds.size())));
            keep(kind, input, found);
        }
        return found;
    }

    private static void keep(MessageKind kind, byte[] input, Map<String, byte[]> found) {
        found.merge(kind.answer(ByteBuffer.wrap(input)), input, (a, b) -> a.length <= b.length ? a : b);
    }
}
