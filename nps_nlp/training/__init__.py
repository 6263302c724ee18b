"""Training of the ``encoder`` tier: from two public wheels and labelled comments to a model folder.

``base`` unpacks the base model, ``vocabulary`` trims it, ``data`` reads what there is to learn, ``network``
and ``finetune`` learn it, ``quantise``, ``graph`` and ``calibrate`` make it small, fast and honest,
``export`` and ``card`` write the folder; ``pipeline`` runs all of them. Needs the extra ``[train]``; nothing
here is imported at run time.
"""
