// SPDX-License-Identifier: Apache-2.0
package io.berth.gateway;

import io.berth.gateway.ChaCha20Poly1305.Authenticator;
import io.berth.gateway.ChaCha20Poly1305.Primitives;
import io.berth.gateway.ChaCha20Poly1305.Stream;
import java.security.GeneralSecurityException;

/** OpenSSL's. */
record LibcryptoPrimitives(Libcrypto library) implements Primitives {
    @Override
    public Stream stream(byte[] keys, int offset) throws GeneralSecurityException {
        return library.new ChaCha20(keys, offset);
    }

    @Override
    public Authenticator authenticator() throws GeneralSecurityException {
        return library.new Poly1305();
    }
}
