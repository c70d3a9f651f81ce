// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import io.berth.core.access.ForwardingRules;
import io.berth.core.access.Sources;
import io.berth.core.spec.ContainerName;
import io.berth.core.spec.GuestUser;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a user certificate of the platform's or of a tenant's says; OpenSSH's PROTOCOL.certkeys.
 *
 * @param serial finds the row that says whose it is and whether it was revoked
 * @param keyId for logs
 * @param validBefore the first moment at which it is not good any more
 * @param within what a tenant's CA may grant at most; null for the platform's own certificates
 * @param rules without an expiry of their own: that is {@code validBefore}
 */
public record UserCertificate(
        PublicKey key,
        long serial,
        String keyId,
        List<Principal> principals,
        Instant validAfter,
        Instant validBefore,
        AccessRules rules,
        @Nullable List<Principal> within) {
    static final String SUFFIX = "-cert-v01@openssh.com";
    private static final int USER = 1; // SSH_CERT_TYPE_USER
    private static final Set<String> PLAIN_TYPES =
            Set.of("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521");

    public UserCertificate {
        principals = List.copyOf(principals);
        within = within == null ? null : List.copyOf(within);
    }

    /** The same, signed by a tenant's CA that may grant so much. */
    public UserCertificate within(List<String> granted) {
        return new UserCertificate(
                key,
                serial,
                keyId,
                principals,
                validAfter,
                validBefore,
                rules,
                granted.stream().map(Principal::written).toList());
    }

    /** Whether a tenant's CA signed it, and the platform has no record of it. */
    public boolean isTenants() {
        return within != null;
    }

    /**
     * The tenant that all of its principals name.
     *
     * @throws UnfitKeyException when it names none, or several
     */
    public TenantName tenant() {
        List<TenantName> tenants =
                principals.stream().map(Principal::tenant).distinct().toList();
        if (tenants.size() != 1) {
            throw new UnfitKeyException("a certificate's principals must name one tenant: USER+CONTAINER.TENANT");
        }
        return tenants.getFirst();
    }

    /** Whether a client's key is a certificate. */
    public static boolean isOne(String line) {
        return line.split(" ", 2)[0].endsWith(SUFFIX);
    }

    /** Whether there are certificates for such keys here; MINA 2.20 can't read those of security keys. */
    static boolean isFor(PublicKey key) {
        return PLAIN_TYPES.contains(key.type());
    }

    public boolean isValidAt(Instant now) {
        return !now.isBefore(validAfter) && now.isBefore(validBefore);
    }

    public boolean covers(GuestUser user, ContainerName container, TenantName tenant) {
        return cover(principals, user, container, tenant) && (within == null || cover(within, user, container, tenant));
    }

    private static boolean cover(
            List<Principal> principals, GuestUser user, ContainerName container, TenantName tenant) {
        return principals.stream()
                .anyMatch(principal -> principal.tenant().equals(tenant) && principal.covers(user, container));
    }

    /** All that is signed, up to and with the CA's key. */
    byte[] toBeSigned(byte[] nonce, byte[] caKey) {
        byte[] blob = Base64.getDecoder().decode(key.line().split(" ", 2)[1]);
        Wire.Writer names = new Wire.Writer();
        principals.forEach(principal -> names.string(principal.toString()));
        return new Wire.Writer()
                .string(key.type() + SUFFIX)
                .string(nonce)
                .raw(Arrays.copyOfRange(blob, Integer.BYTES + key.type().length(), blob.length))
                .uint64(serial)
                .uint32(USER)
                .string(keyId)
                .string(names.bytes())
                .uint64(validAfter.getEpochSecond())
                .uint64(validBefore.getEpochSecond())
                .string(packed(criticalOptions()))
                .string(packed(extensions()))
                .string("") // reserved
                .string(caKey)
                .bytes();
    }

    private SortedMap<String, @Nullable String> criticalOptions() {
        SortedMap<String, @Nullable String> options = new TreeMap<>();
        if (rules.forcedCommand() != null) {
            options.put("force-command", rules.forcedCommand());
        }
        if (!rules.from().list().isEmpty()) {
            options.put("source-address", String.join(",", rules.from().texts()));
        }
        return options;
    }

    private SortedMap<String, @Nullable String> extensions() {
        SortedMap<String, @Nullable String> extensions = new TreeMap<>();
        ForwardingRules forwarding = rules.forwarding();
        if (forwarding.x11()) {
            extensions.put("permit-X11-forwarding", null);
        }
        if (forwarding.agent()) {
            extensions.put("permit-agent-forwarding", null);
        }
        if (forwarding.ports()) {
            extensions.put("permit-port-forwarding", null);
        }
        if (rules.pty()) {
            extensions.put("permit-pty", null);
        }
        return extensions;
    }

    private static byte[] packed(SortedMap<String, @Nullable String> options) {
        Wire.Writer out = new Wire.Writer();
        options.forEach((name, value) -> out.string(name)
                .string(
                        value == null
                                ? new byte[0]
                                : new Wire.Writer().string(value).bytes()));
        return out.bytes();
    }

    /** Reads what {@link CertificateAuthority} has verified the signature of. */
    static UserCertificate parse(byte[] signed) {
        Wire.Reader in = new Wire.Reader(signed);
        String type = in.string();
        in.bytes(); // nonce
        PublicKey key = key(type, in);
        long serial = in.uint64();
        if (in.uint32() != USER) {
            throw new UnfitKeyException("this is no user certificate");
        }
        String keyId = in.string();
        try {
            List<Principal> principals = principals(in.bytes());
            Instant after = moment(in.uint64());
            Instant before = moment(in.uint64());
            return new UserCertificate(
                    key, serial, keyId, principals, after, before, rules(in.options(), in.options()), null);
        } catch (InvalidSpecException e) {
            throw new UnfitKeyException("the certificate's " + e.getMessage());
        }
    }

    /** ssh-keygen writes "forever" as the largest number, unsigned. */
    private static Instant moment(long seconds) {
        return seconds < 0 || seconds > Instant.MAX.getEpochSecond() ? Instant.MAX : Instant.ofEpochSecond(seconds);
    }

    private static PublicKey key(String type, Wire.Reader in) {
        String plain = type.endsWith(SUFFIX) ? type.substring(0, type.length() - SUFFIX.length()) : "";
        if (!PLAIN_TYPES.contains(plain)) {
            throw new UnfitKeyException("there are no certificates of that type here");
        }
        Wire.Writer blob = new Wire.Writer().string(plain).string(in.bytes());
        if (!plain.equals("ssh-ed25519")) {
            blob.string(in.bytes()); // RSA's modulus or ECDSA's point
        }
        return PublicKey.parse(plain + " " + Base64.getEncoder().encodeToString(blob.bytes()));
    }

    private static List<Principal> principals(byte[] packed) {
        List<Principal> principals = new ArrayList<>();
        Wire.Reader names = new Wire.Reader(packed);
        while (names.hasMore()) {
            principals.add(Principal.written(names.string()));
        }
        return principals;
    }

    /** An option that is not known may forbid something: then the certificate is good for nothing. An extension only allows. */
    private static AccessRules rules(SortedMap<String, byte[]> critical, SortedMap<String, byte[]> extensions) {
        Sources from = Sources.EVERYWHERE;
        String command = null;
        for (String name : critical.keySet()) {
            switch (name) {
                case "force-command" -> command = value(critical, name);
                case "source-address" ->
                    from = Sources.of(List.of(value(critical, name).split(",", -1)));
                default -> throw new UnfitKeyException("the certificate has a critical option that is not known here");
            }
        }
        Set<String> allowed = extensions.keySet();
        return new AccessRules(
                from,
                null,
                command,
                allowed.contains("permit-pty"),
                true,
                false,
                new ForwardingRules(
                        allowed.contains("permit-port-forwarding"),
                        allowed.contains("permit-agent-forwarding"),
                        allowed.contains("permit-X11-forwarding"),
                        List.of(),
                        List.of()));
    }

    private static String value(SortedMap<String, byte[]> options, String name) {
        Wire.Reader data = new Wire.Reader(options.getOrDefault(name, new byte[0]));
        String value = data.string();
        data.end();
        return value;
    }
}
