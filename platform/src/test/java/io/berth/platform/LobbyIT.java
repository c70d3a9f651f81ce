// SPDX-License-Identifier: Apache-2.0
package io.berth.platform;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.berth.platform.testing.Api;
import io.berth.platform.testing.RunningPlatform;
import io.berth.platform.testing.SharedPlatform;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the platform gives the gateway for the lobby, and for nothing but a client's own signature; and which login wakes a container. */
@ExtendWith(SharedPlatform.class)
class LobbyIT {
    private final RunningPlatform platform;
    private final Api admin;
    private final Api gateway;
    private final String tenant = "t" + UUID.randomUUID().toString().substring(0, 8);
    private final KeyPair pair;
    private final String key;

    LobbyIT(RunningPlatform platform) throws GeneralSecurityException {
        this.platform = platform;
        this.admin = platform.adminToken();
        this.gateway = Api.bearer(platform.address(), RunningPlatform.GATEWAY_TOKEN);
        this.pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        this.key = "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob());
        assertThat(admin.post("/tenants", "{\"name\":\"" + tenant + "\"}").status())
                .isEqualTo(201);
        assertThat(addKey("laptop", key).status()).isEqualTo(201);
    }

    @Test
    void theLobbyIsWhereNoContainerIsNamedAndNoContainerIsCalledSo() {
        assertThat(login("lobby").text("decision")).isEqualTo("LOBBY");
        assertThat(login("lobby." + tenant).text("tenant")).isEqualTo(tenant);
        assertThat(login("lobby.other").text("decision")).isEqualTo("NO_SUCH_CONTAINER");
        Api.Answer typo = login("wbe");
        assertThat(typo.text("decision")).isEqualTo("NO_SUCH_CONTAINER");
        assertThat(typo.text("tenant")).isEqualTo(tenant);
        assertThat(login("ann+wbe").json().path("tenant").isNull()).isTrue();
        assertThat(login("wbe." + tenant).json().path("tenant").isNull()).isTrue();
        Api.Answer taken =
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"lobby\",\"image\":\"debian/bookworm\"}");
        assertThat(taken.status()).isEqualTo(422);
        assertThat(taken.text("field")).isEqualTo("name");
    }

    @Test
    void aSignatureOverTheLobbysNameOpensItOnceAndReachesItsVerbsOnly() throws Exception {
        container();
        String proof = proof("lobby");
        Api.Answer login = lobby("lobby", proof);
        assertThat(login.status()).as(login.toString()).isEqualTo(200);
        assertThat(login.text("tenant")).isEqualTo(tenant);
        assertThat(login.text("person")).isEqualTo("admin");
        Api lobby = Api.bearer(platform.address(), login.text("token"));
        assertThat(lobby.get("/tenants/" + tenant + "/containers")
                        .json()
                        .path("items")
                        .size())
                .isEqualTo(1);
        admin.finished(lobby.post("/tenants/" + tenant + "/containers/web/stop", "{}"));
        String snapshots = "/tenants/" + tenant + "/containers/web/snapshots";
        admin.finished(lobby.post(snapshots, "{\"name\":\"before\"}"));
        assertThat(lobby.get(snapshots)
                        .json()
                        .path("items")
                        .path(0)
                        .path("name")
                        .asString())
                .isEqualTo("before");
        admin.finished(lobby.post(snapshots + "/before/restore", null));
        assertThat(lobby.delete(snapshots + "/before").status()).isEqualTo(403);
        String ports = "/tenants/" + tenant + "/containers/web/ports";
        admin.finished(lobby.post(ports, "{\"containerPort\":80}"));
        String port =
                lobby.get(ports).json().path("items").path(0).path("hostPort").asString();
        admin.finished(lobby.delete(ports + "/tcp-" + port));
        assertThat(lobby.get(ports).json().path("items").size()).isZero();
        assertThat(lobby.get("/tenants").status()).isEqualTo(403);
        assertThat(lobby.get("/nodes").status()).isEqualTo(403);
        assertThat(lobby.get("/tokens").status()).isEqualTo(403);
        assertThat(lobby.post("/tenants/" + tenant + "/ssh-keys", "{\"name\":\"x\",\"publicKey\":\"x\"}")
                        .status())
                .isEqualTo(403);
        assertThat(lobby.post("/tenants/" + tenant + "/ssh-certificates", "{}").status())
                .isEqualTo(403);
        assertThat(lobby("lobby", proof).status()).isEqualTo(409);
        assertThat(gateway.post("/gateway/lobby-logins/" + login.text("id") + "/end", null)
                        .status())
                .isEqualTo(204);
        assertThat(lobby.get("/tenants/" + tenant + "/containers").status()).isEqualTo(401);
    }

    @Test
    void itReachesNoOtherTenantThoughAnOperatorAddedTheKey() throws Exception {
        String other = "t" + UUID.randomUUID().toString().substring(0, 8);
        admin.post("/tenants", "{\"name\":\"" + other + "\"}");
        Api lobby =
                Api.bearer(platform.address(), lobby("lobby", proof("lobby")).text("token"));
        Api.Answer foreign = lobby.get("/tenants/" + other + "/containers");
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(foreign.text("detail")).doesNotContain("suspended");
        assertThat(lobby.get("/tenants/" + tenant).status()).isEqualTo(200);
        assertThat(lobby.delete("/tenants/" + tenant).status()).isEqualTo(403);
    }

    @Test
    void nothingButTheClientsSignatureOpensIt() throws Exception {
        String ofAContainer = proof("web");
        assertThat(lobby("lobby", ofAContainer).status()).isEqualTo(403);
        KeyPair stranger = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        assertThat(lobby("lobby", proof("lobby", stranger)).status()).isEqualTo(403);
        assertThat(lobby("lobby", proof("lobby").replace("ssh-ed25519", "ssh-rsa"))
                        .status())
                .isEqualTo(403);
        String truncated = "{\"sessionId\":\"AAAA\",\"algorithm\":\"ssh-ed25519\",\"signature\":\"AAAA\"}";
        assertThat(lobby("lobby", truncated).status()).isEqualTo(403);
        container();
        assertThat(lobby("web", proof("web")).status()).isEqualTo(403);
    }

    @Test
    void aLoginEndsWithItsKey() throws Exception {
        Api lobby =
                Api.bearer(platform.address(), lobby("lobby", proof("lobby")).text("token"));
        assertThat(lobby.get("/images").status()).isEqualTo(200);
        admin.patch("/tenants/" + tenant, "{\"state\":\"SUSPENDED\"}");
        assertThat(lobby.get("/images").status()).isEqualTo(401);
        admin.patch("/tenants/" + tenant, "{\"state\":\"ACTIVE\"}");
        assertThat(lobby.get("/images").status()).isEqualTo(200);
        String id = admin.get("/tenants/" + tenant + "/ssh-keys")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asString();
        admin.delete("/tenants/" + tenant + "/ssh-keys/" + id);
        assertThat(lobby.get("/images").status()).isEqualTo(401);
    }

    @Test
    void aKeyForOneCommandOpensNoLobby() {
        String id = admin.get("/tenants/" + tenant + "/ssh-keys")
                .json()
                .path("items")
                .path(0)
                .path("id")
                .asString();
        admin.put("/tenants/" + tenant + "/ssh-keys/" + id + "/options", "{\"forcedCommand\":\"backup\"}");
        assertThat(login("lobby").text("decision")).isEqualTo("LOBBY_NOT_ALLOWED");
        assertThat(login("wbe").json().path("tenant").isNull()).isTrue();
    }

    @Test
    void whatItsTenantStoppedWakesForATerminalOnly() {
        container();
        assertThat(login("web").json().path("stopped").isNull()).isTrue();
        admin.finished(admin.post("/tenants/" + tenant + "/containers/web/stop", "{}"));
        assertThat(login("web").text("stopped")).isEqualTo("MEANT");
        assertThat(wake(false).text("stopped")).isEqualTo("MEANT");
        Api.Answer woken = wake(true);
        assertThat(woken.status()).as(woken.toString()).isEqualTo(200);
        assertThat(woken.text("decision")).isEqualTo("ALLOW");
        assertThat(woken.json().path("stopped").isNull()).isTrue();
        assertThat(admin.get("/tenants/" + tenant + "/containers/web").text("desiredState"))
                .isEqualTo("RUNNING");
    }

    private Api.Answer wake(boolean interactive) {
        return gateway.post(
                "/gateway/wakes",
                "{\"userName\":\"web\",\"publicKey\":\"" + key + "\",\"sourceAddress\":\"192.0.2.7\",\"interactive\":"
                        + interactive + "}");
    }

    private Api.Answer login(String userName) {
        return gateway.post(
                "/gateway/logins",
                "{\"userName\":\"" + userName + "\",\"publicKey\":\"" + key + "\",\"sourceAddress\":\"192.0.2.7\"}");
    }

    private Api.Answer lobby(String userName, String proof) {
        return gateway.post(
                "/gateway/lobby-logins",
                "{\"userName\":\"" + userName + "\",\"publicKey\":\"" + key
                        + "\",\"sourceAddress\":\"192.0.2.7\",\"proof\":" + proof + "}");
    }

    private Api.Answer addKey(String name, String publicKey) {
        return admin.post(
                "/tenants/" + tenant + "/ssh-keys", "{\"name\":\"" + name + "\",\"publicKey\":\"" + publicKey + "\"}");
    }

    private void container() {
        admin.finished(
                admin.post("/tenants/" + tenant + "/containers", "{\"name\":\"web\",\"image\":\"debian/bookworm\"}"));
    }

    private String proof(String userName) throws GeneralSecurityException {
        return proof(userName, pair);
    }

    /** RFC 4252, section 7, written down a second time. */
    private String proof(String userName, KeyPair signer) throws GeneralSecurityException {
        byte[] session = new byte[32];
        new SecureRandom().nextBytes(session);
        var message = new ByteArrayOutputStream();
        message.writeBytes(string(session));
        message.write(50);
        for (String text : new String[] {userName, "ssh-connection", "publickey"}) {
            message.writeBytes(string(text.getBytes(US_ASCII)));
        }
        message.write(1);
        message.writeBytes(string("ssh-ed25519".getBytes(US_ASCII)));
        message.writeBytes(string(blob()));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(signer.getPrivate());
        signature.update(message.toByteArray());
        var wire = new ByteArrayOutputStream();
        wire.writeBytes(string("ssh-ed25519".getBytes(US_ASCII)));
        wire.writeBytes(string(signature.sign()));
        return "{\"sessionId\":\"" + Base64.getEncoder().encodeToString(session)
                + "\",\"algorithm\":\"ssh-ed25519\",\"signature\":\""
                + Base64.getEncoder().encodeToString(wire.toByteArray()) + "\"}";
    }

    private byte[] blob() {
        byte[] der = pair.getPublic().getEncoded();
        var blob = new ByteArrayOutputStream();
        blob.writeBytes(string("ssh-ed25519".getBytes(US_ASCII)));
        blob.writeBytes(string(Arrays.copyOfRange(der, der.length - 32, der.length)));
        return blob.toByteArray();
    }

    private static byte[] string(byte[] bytes) {
        return ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }
}
