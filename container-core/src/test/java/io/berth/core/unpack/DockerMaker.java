// SPDX-License-Identifier: Apache-2.0
package io.berth.core.unpack;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Images of layers as {@code docker save} and OCI layouts have them. */
public final class DockerMaker {
    static final String MACHINE =
            System.getProperty("os.arch").equals("aarch64") ? "arm64" : System.getProperty("os.arch");

    private DockerMaker() {}

    public static byte[] saved(byte[]... layers) {
        return savedAs(config(MACHINE, layers), layers);
    }

    /** With a configuration that may say something else than the layers are. */
    public static byte[] savedAs(byte[] config, byte[]... layers) {
        var tar = new TarMaker();
        String name = hex(config) + ".json";
        tar.file(name, config);
        for (int i = 0; i < layers.length; i++) {
            tar.file(i + "/layer.tar", layers[i]);
        }
        String names = names(layers);
        return tar.file(
                        "manifest.json",
                        "[{\"Config\":\"" + name + "\",\"RepoTags\":[\"x:y\"],\"Layers\":[" + names + "]}]")
                .toBytes();
    }

    private static String names(byte[]... layers) {
        return IntStream.range(0, layers.length)
                .mapToObj(i -> "\"" + i + "/layer.tar\"")
                .collect(Collectors.joining(","));
    }

    public static byte[] config(String architecture, byte[]... layers) {
        String ids = Arrays.stream(layers)
                .map(layer -> "\"sha256:" + hex(layer) + "\"")
                .collect(Collectors.joining(","));
        return bytes("{\"architecture\":\"" + architecture
                + "\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[" + ids + "]}}");
    }

    /** An OCI layout. */
    public static byte[] layout(byte[]... layers) {
        byte[] config = config(MACHINE, layers);
        String descriptors = Arrays.stream(layers).map(DockerMaker::descriptor).collect(Collectors.joining(","));
        byte[] manifest =
                bytes("{\"schemaVersion\":2,\"config\":" + descriptor(config) + ",\"layers\":[" + descriptors + "]}");
        var tar = new TarMaker();
        tar.file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        for (byte[] blob : Stream.concat(Arrays.stream(layers), List.of(config, manifest).stream())
                .toList()) {
            tar.file("blobs/sha256/" + hex(blob), blob);
        }
        return tar.file("index.json", "{\"schemaVersion\":2,\"manifests\":[" + descriptor(manifest) + "]}")
                .toBytes();
    }

    private static String descriptor(byte[] blob) {
        return "{\"digest\":\"sha256:" + hex(blob) + "\",\"size\":" + blob.length + "}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
