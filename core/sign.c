/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sign.h"

#include <errno.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

/* Nobody is asked: a key with a passphrase is refused. */
static int no_passphrase(char *buf, int size, int writing, void *arg)
{
        return -1;
}

static int load(EVP_PKEY **ret, LimnSlice pem, bool private_key, const char *name, LimnDiag *diag)
{
        BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
        if (!bio)
                return -ENOMEM;
        EVP_PKEY *key = private_key ? PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL)
                                    : PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, NULL);
        BIO_free(bio);
        ERR_clear_error();
        if (key && EVP_PKEY_get_id(key) == EVP_PKEY_ED25519) {
                *ret = key;
                return 0;
        }
        EVP_PKEY_free(key);
        limn_diag_addf(diag,
                       &(LimnMessage){.severity = LIMN_DIAG_ERROR,
                                      .where = name,
                                      .help = private_key
                                                      ? "openssl genpkey -algorithm ed25519"
                                                      : "openssl pkey -in KEY.pem -pubout"},
                       "this is no %s Ed25519 key in PEM", private_key ? "private" : "public");
        return -EINVAL;
}

int limn_sign(LimnSlice pem, const char *name, LimnSlice message,
              unsigned char ret[LIMN_SIGNATURE_BYTES], LimnDiag *diag)
{
        EVP_PKEY *key = NULL;
        int r = load(&key, pem, true, name, diag);
        if (r < 0)
                return r;
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        size_t n = LIMN_SIGNATURE_BYTES;
        if (!ctx || EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) != 1 ||
            EVP_DigestSign(ctx, ret, &n, (const unsigned char *)message.p, message.n) != 1)
                r = -ENOMEM;
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(key);
        return r;
}

int limn_sign_verify(LimnSlice pem, const char *name, LimnSlice message, LimnSlice signature,
                     LimnDiag *diag)
{
        EVP_PKEY *key = NULL;
        int r = load(&key, pem, false, name, diag);
        if (r < 0)
                return r;
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        if (!ctx || EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) != 1)
                r = -ENOMEM;
        else if (EVP_DigestVerify(ctx, (const unsigned char *)signature.p, signature.n,
                                  (const unsigned char *)message.p, message.n) != 1)
                r = LIMN_SIGNATURE_BAD;
        ERR_clear_error();
        EVP_MD_CTX_free(ctx);
        EVP_PKEY_free(key);
        return r;
}
