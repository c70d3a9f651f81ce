// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import static io.berth.core.unpack.RefusedArchiveException.quoted;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which layers an image has, lowest first; all that says so is held to its digest. */
final class LayerList {
    /**
     * One layer.
     *
     * @param name in the archive
     * @param blob of what is there; null where nothing says
     * @param content of it, uncompressed
     */
    record Layer(String name, @Nullable Digest blob, Digest content) {}

    /** Docker and the overlay driver stop at 127. */
    private static final int MOST_LAYERS = 128;

    private static final Pattern CONFIG_NAME = Pattern.compile("(?:blobs/sha256/)?([0-9a-f]{64})(?:\\.json)?");
    private static final int MOST_INDEXES = 3;

    private final ImageArchive archive;

    LayerList(ImageArchive archive) {
        this.archive = archive;
    }

    List<Layer> read() throws IOException {
        return archive.has("manifest.json") ? docker() : oci();
    }

    /** See "docker save" in moby's image/spec/v1.2.md. */
    private List<Layer> docker() throws IOException {
        JsonNode images = ImageArchive.json("manifest.json", archive.small("manifest.json"));
        if (!images.isArray() || images.size() != 1) {
            throw new RefusedArchiveException("the archive has " + images.size() + " images; save one alone");
        }
        JsonNode image = images.get(0);
        String name = text(image, "Config", "manifest.json");
        byte[] config = archive.small(name);
        Matcher digest = CONFIG_NAME.matcher(name);
        if (digest.matches()) {
            new Digest(digest.group(1)).require(config, quoted(name));
        }
        List<Digest> contents = contents(ImageArchive.json(name, config));
        List<JsonNode> layers = list(image, "Layers", contents.size());
        List<Layer> all = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            all.add(new Layer(layers.get(i).asString(""), null, contents.get(i)));
        }
        return all;
    }

    /** See image-layout.md, image-index.md and manifest.md of the OCI image specification. */
    private List<Layer> oci() throws IOException {
        JsonNode node = ImageArchive.json("index.json", archive.small("index.json"));
        for (int depth = 0; node.has("manifests"); depth++) {
            if (depth == MOST_INDEXES) {
                throw new RefusedArchiveException("the archive's indexes lead from one to the next without end");
            }
            node = blob(chosen(node.get("manifests")));
        }
        JsonNode config = blob(node.path("config"));
        List<Digest> contents = contents(config);
        List<JsonNode> layers = list(node, "layers", contents.size());
        List<Layer> all = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            Digest blob = Digest.of(text(layers.get(i), "digest", "the manifest"));
            all.add(new Layer(blob.blob(), blob, contents.get(i)));
        }
        return all;
    }

    /** The only one, or the one for this machine. */
    private static JsonNode chosen(JsonNode manifests) {
        List<JsonNode> fit = StreamSupport.stream(manifests.spliterator(), false)
                .filter(manifest -> manifests.size() == 1 || Machine.is(platform(manifest)))
                .toList();
        if (fit.size() != 1) {
            throw new RefusedArchiveException("of " + manifests.size() + " images in the archive " + fit.size()
                    + " are for this machine; keep one");
        }
        return fit.getFirst();
    }

    private static String platform(JsonNode manifest) {
        return manifest.path("platform").path("architecture").asString("");
    }

    private JsonNode blob(JsonNode descriptor) throws IOException {
        Digest digest = Digest.of(text(descriptor, "digest", "a descriptor"));
        byte[] bytes = archive.small(digest.blob());
        digest.require(bytes, quoted(digest.blob()));
        return ImageArchive.json(digest.blob(), bytes);
    }

    private static List<Digest> contents(JsonNode config) {
        Machine.require(text(config, "architecture", "the image's configuration"));
        return list(config.path("rootfs"), "diff_ids", -1).stream()
                .map(id -> Digest.of(id.asString("")))
                .toList();
    }

    /** @param size that it must have; negative when that is open */
    private static List<JsonNode> list(JsonNode node, String field, int size) {
        JsonNode list = node.path(field);
        if (!list.isArray() || list.isEmpty() || list.size() > MOST_LAYERS || (size >= 0 && list.size() != size)) {
            throw new RefusedArchiveException("the image has " + list.size() + " " + field + "; there must be "
                    + (size < 0 ? "between 1 and " + MOST_LAYERS : "" + size));
        }
        return StreamSupport.stream(list.spliterator(), false).toList();
    }

    private static String text(JsonNode node, String field, String where) {
        String text = node.path(field).asString("");
        if (text.isEmpty()) {
            throw new RefusedArchiveException(where + " has no " + field);
        }
        return text;
    }
}
