kubectl scale rs/rs --replicas=3
kubectl scale deployment/old-shop --replicas=0
