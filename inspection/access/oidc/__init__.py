"""Signing in by an agency's identity provider (OpenID Connect): code, PKCE, state and nonce."""
