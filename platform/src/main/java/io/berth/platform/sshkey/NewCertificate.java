// SPDX-License-Identifier: Apache-2.0
package io.berth.platform.sshkey;

import io.berth.core.access.AccessRules;
import io.berth.core.access.Source;
import io.berth.core.spec.InvalidSpecException;
import io.berth.core.spec.TenantName;
import io.berth.platform.problem.ProblemException;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What somebody wants a certificate for; what is left out is not limited. */
record NewCertificate(
        @Schema(description = "the line of a .pub file") @NotNull
        String publicKey,

        @Schema(description = "CONTAINER or USER+CONTAINER, * for any of them; left out: *+*", example = "[\"web\"]")
        @Nullable
        @Size(min = 1, max = 64)
        List<String> principals,

        @Schema(description = "source-address: addresses and networks that may come", example = "[]") @Nullable
        List<String> from,

        @Schema(description = "force-command: runs in place of whatever the client asks for") @Nullable
        String forcedCommand,

        @Nullable Boolean noPty,
        @Nullable Boolean noPortForwarding,
        @Nullable Boolean noAgentForwarding,
        @Nullable Boolean noX11Forwarding) {
    /** OpenSSH's addr_match_cidr_list takes neither wildcards nor refusals. */
    private static final Pattern NO_NETWORK = Pattern.compile(".*[*?!].*");

    PublicKey key() {
        try {
            PublicKey key = PublicKey.parse(publicKey);
            if (!UserCertificate.isFor(key)) {
                throw new UnfitKeyException("a certificate for a security key is not taken by the gateway; add the key "
                        + "itself as an SSH key, with verifyRequired if it is to ask for its PIN");
            }
            return key;
        } catch (UnfitKeyException e) {
            throw ProblemException.field("publicKey", "publicKey: " + e.getMessage());
        }
    }

    List<Principal> principals(TenantName tenant) {
        if (principals == null) {
            return List.of(Principal.everything(tenant));
        }
        try {
            return principals.stream()
                    .map(text -> Principal.asked(text, tenant))
                    .distinct()
                    .toList();
        } catch (InvalidSpecException e) {
            throw ProblemException.field("principals", "principals: " + e.getMessage());
        }
    }

    AccessRules rules() {
        AccessRules rules = new KeyOptions(
                        from,
                        null,
                        forcedCommand,
                        null,
                        null,
                        noPty,
                        noPortForwarding,
                        noAgentForwarding,
                        noX11Forwarding,
                        null,
                        null)
                .rules("");
        for (Source source : rules.from().list()) {
            if (NO_NETWORK.matcher(source.text()).matches()) {
                throw ProblemException.field(
                        "from",
                        "from: '" + source
                                + "' can't stand in a certificate; give addresses and networks such as 192.0.2.0/24");
            }
        }
        return rules;
    }
}
