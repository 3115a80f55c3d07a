"""What makes a result provable: canonical documents, the manifest, and its verification."""
